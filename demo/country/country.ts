import { registerAddresses, settleHouseholds, type SettledHousehold } from './addresses.js';
import { registerBusiness } from './business.js';
import { registerActs } from './civil-acts.js';
import { agencyCases } from './cases.js';
import { castFamily, castProperty, reservedNumbers } from './cast.js';
import { foundClan, livesAlone, type Household } from './clan.js';
import { plantDefects, type DefectId } from './defects.js';
import { issueDocuments } from './documents.js';
import type {
  AddressRecord,
  AgencyCase,
  CivilRecord,
  Dwelling,
  Person,
  Property,
  Taxpayer,
  BusinessRecord,
} from './model.js';
import { NumberIssuer } from './numbers.js';
import { foundOrganisations, type Organisations } from './organisations.js';
import { DECOYS } from './decoys.js';
import { FAMILIES, UNKNOWN_NUMBER } from './people.js';
import { DwellingBuilder } from './places.js';
import { PopulationBuilder } from './population-builder.js';
import { PropertyBuilder, registerProperty } from './property.js';
import { protectedDwellings } from './protected-dwellings.js';
import { protectedPeople } from './protected-people.js';
import { streamOf } from './random.js';
import { registerTaxpayers } from './taxes.js';

export const SEED = 20260302;
/** People in the population register, the dead among them. */
export const CITIZENS = 2000;

/** The small country, as its registers and agencies hold it. */
export interface Country {
  readonly seed: number;
  readonly persons: readonly Person[];
  readonly civilActs: readonly CivilRecord[];
  readonly business: readonly BusinessRecord[];
  readonly addresses: readonly AddressRecord[];
  readonly dwellings: readonly Dwelling[];
  readonly property: Property;
  readonly organisations: Organisations;
  readonly taxes: readonly Taxpayer[];
  readonly cases: readonly AgencyCase[];
  /** Numbers of the protected people: registers have them, and the gateway tells no caller. */
  readonly protectedPeople: readonly string[];
  /** Codes of their homes, of all registers. */
  readonly protectedDwellings: readonly string[];
  /** Numbers of the persons with each known defect. */
  readonly defects: Readonly<Record<DefectId, readonly string[]>>;
}

/** Makes the country: the same seed, the same country. */
export function generateCountry(seed: number = SEED): Country {
  const taken = reservedNumbers(FAMILIES);
  const numbers = new NumberIssuer(streamOf(seed, 'numbers'), [...taken, UNKNOWN_NUMBER, ...DECOYS]);
  const dwellings = new DwellingBuilder(streamOf(seed, 'dwellings'));
  const population = new PopulationBuilder(streamOf(seed, 'people'), numbers, CITIZENS);
  const named = FAMILIES.map((family, position) => castFamily(population, dwellings, family, position));
  const others = settleHouseholds(populate(population, seed), dwellings, streamOf(seed, 'households'));
  const { persons } = population;
  issueDocuments(persons, streamOf(seed, 'documents'));
  const addresses = registerAddresses([...named, ...others], dwellings, streamOf(seed, 'addresses'));
  const organisations = foundOrganisations(numbers);
  const property = ownership(seed, { named, others, dwellings, organisations });
  const cases = agencyCases(persons, new Set(taken), streamOf(seed, 'cases'));
  const civilActs = registerActs(persons, streamOf(seed, 'civil acts'));
  const taxes = registerTaxpayers(persons, new Set(taken), organisations, streamOf(seed, 'taxes'));
  const business = registerBusiness(persons, new Set(taken), organisations, streamOf(seed, 'business'));
  const defects = plantDefects(
    { persons, civilActs, addresses, property, organisations, taxes, business },
    new Set(taken),
    streamOf(seed, 'defects'),
  );
  const hidden = protectedPeople({ persons, addresses, cases, defects });
  return {
    seed,
    persons,
    civilActs,
    addresses,
    dwellings: dwellings.all,
    property,
    organisations,
    taxes,
    business,
    cases,
    protectedPeople: hidden,
    protectedDwellings: protectedDwellings(hidden, addresses, property.buildings),
    defects,
  };
}

/** Founds clans until the country is full; a person who is left over lives alone. */
function populate(population: PopulationBuilder, seed: number): Household[] {
  const random = streamOf(seed, 'clans');
  const households: Household[] = [];
  while (population.room >= 2) households.push(...foundClan(population, random));
  if (population.room > 0) households.push(livesAlone(population, random));
  return households;
}

interface Settlement {
  readonly named: readonly SettledHousehold[];
  readonly others: readonly SettledHousehold[];
  readonly dwellings: DwellingBuilder;
  readonly organisations: Organisations;
}

function ownership(seed: number, { named, others, dwellings, organisations }: Settlement): Property {
  const builder = new PropertyBuilder(streamOf(seed, 'things'));
  const homes = new Map(
    FAMILIES.flatMap(({ caseNumber }, position) => {
      const home = named[position];
      return home === undefined ? [] : [[caseNumber, home] as const];
    }),
  );
  castProperty(builder, homes, dwellings);
  registerProperty(others, organisations.companies, builder, dwellings, streamOf(seed, 'ownership'));
  return builder.property;
}
