import type { SettledHousehold } from './addresses.js';
import type { Person } from './model.js';
import { patronymicOf } from './names.js';
import {
  HOUSING_FAMILY,
  membersOf,
  SECOND_HOUSING_FAMILY,
  SHOWCASE_FAMILY,
  SUPPORTED_FAMILY,
  type Character,
  type Family,
} from './people.js';
import { PLACES, type DwellingBuilder } from './places.js';
import type { PopulationBuilder } from './population-builder.js';
import type { PropertyBuilder } from './property.js';

/** When each of the named families moved into its present dwelling. */
const MOVED_IN = '2021-08-02';
const BOUGHT = '2018-06-15';

/** Brings a named family into the population and gives it a dwelling. */
export function castFamily(
  builder: PopulationBuilder,
  dwellings: DwellingBuilder,
  family: Family,
  position: number,
): SettledHousehold {
  const grandmother = family.grandmother && appear(builder, family.grandmother, {});
  const husband = appear(builder, family.husband, grandmother === undefined ? {} : { mother: grandmother });
  const wife = appear(builder, family.wife, {});
  builder.marry(husband, wife, family.husband.surname);
  const children = family.children.map((child) => appear(builder, child, { father: husband, mother: wife }));
  const place = PLACES[position % PLACES.length];
  if (place === undefined) throw new RangeError('a country needs places');
  const elders = grandmother === undefined ? [] : [grandmother];
  return { members: [husband, wife, ...children, ...elders], since: MOVED_IN, dwelling: dwellings.build(place) };
}

function appear(
  builder: PopulationBuilder,
  character: Character,
  parents: { father?: Person; mother?: Person },
): Person {
  return builder.born({ ...character, ...parents, middleName: patronymicOf(character.fatherName, character.sex) });
}

/** What the named families own. */
export function castProperty(
  builder: PropertyBuilder,
  homes: ReadonlyMap<string, SettledHousehold>,
  dwellings: DwellingBuilder,
): void {
  for (const family of [HOUSING_FAMILY, SECOND_HOUSING_FAMILY, SHOWCASE_FAMILY]) {
    const home = homeOf(homes, family);
    const couple = [family.husband, family.wife].map(({ iin }) => ({ id: iin, share: '1/2' }));
    builder.building(couple, dwellings.build(home.dwelling.place), BOUGHT);
    builder.vehicle(family.husband.iin, home.dwelling.place, BOUGHT);
    builder.land([{ id: family.wife.iin, share: '1/1' }], home.dwelling.place, BOUGHT);
    const youngest = family.children.at(-1);
    if (youngest !== undefined) builder.land([{ id: youngest.iin, share: '1/1' }], home.dwelling.place, '2022-03-10');
  }
  builder.building(
    [{ id: SUPPORTED_FAMILY.husband.iin, share: '1/1' }],
    homeOf(homes, SUPPORTED_FAMILY).dwelling,
    MOVED_IN,
  );
}

function homeOf(homes: ReadonlyMap<string, SettledHousehold>, family: Family): SettledHousehold {
  const home = homes.get(family.caseNumber);
  if (home === undefined) throw new RangeError(`${family.caseNumber} has no home`);
  return home;
}

/** The numbers that no other person may get. */
export function reservedNumbers(families: readonly Family[]): string[] {
  return families.flatMap((family) => membersOf(family).map(({ iin }) => iin));
}
