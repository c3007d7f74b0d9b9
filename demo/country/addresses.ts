import { ageOn, dateBetween, daysAfter, earlier, FACT_DATE, later } from './calendar.js';
import type { Household } from './clan.js';
import type { AddressRecord, Dwelling, Person, Registration } from './model.js';
import { PLACES, type DwellingBuilder } from './places.js';
import type { SeededRandom } from './random.js';

/** Share of living adults who are registered nowhere. */
const NOWHERE = 0.01;

export interface SettledHousehold extends Household {
  readonly dwelling: Dwelling;
}

/** Gives each household a dwelling, in one of the country's places. */
export function settleHouseholds(
  households: readonly Household[],
  dwellings: DwellingBuilder,
  random: SeededRandom,
): SettledHousehold[] {
  return households.map((household) => ({ ...household, dwelling: dwellings.build(random.pick(PLACES)) }));
}

/** Registers everyone at their household's dwelling, and at those where they lived before. */
export function registerAddresses(
  households: readonly SettledHousehold[],
  dwellings: DwellingBuilder,
  random: SeededRandom,
): AddressRecord[] {
  return households.flatMap(({ members, since, dwelling }) => {
    const before = random.chance(0.6)
      ? dwellings.build(random.chance(0.7) ? dwelling.place : random.pick(PLACES))
      : undefined;
    return members.map((person) => addressRecord(person, { dwelling, since, before }, random));
  });
}

interface Whereabouts {
  readonly dwelling: Dwelling;
  readonly since: string;
  /** Where the household lived before, if anywhere on record. */
  readonly before: Dwelling | undefined;
}

function addressRecord(person: Person, where: Whereabouts, random: SeededRandom): AddressRecord {
  const registeredOn = earlier(
    later(where.since, daysAfter(person.birthDate, random.integer(7, 45))),
    daysAfter(FACT_DATE, -1),
  );
  const kind = random.chance(0.07) ? 'TEMPORARY' : 'PERMANENT';
  const present: Registration = {
    dwelling: where.dwelling,
    kato: where.dwelling.place.kato,
    kind,
    registeredOn,
    deregisteredOn: null,
  };
  const former = where.before === undefined ? [] : formerRegistrations(person, where.before, registeredOn, random);
  if (person.deathDate !== null) {
    return { iin: person.iin, current: null, former: [{ ...present, deregisteredOn: person.deathDate }, ...former] };
  }
  if (ageOn(person.birthDate, FACT_DATE) >= 18 && random.chance(NOWHERE)) {
    return {
      iin: person.iin,
      current: null,
      former: [{ ...present, deregisteredOn: dateBetween(random, registeredOn, FACT_DATE) }, ...former],
    };
  }
  return { iin: person.iin, current: present, former };
}

function formerRegistrations(person: Person, dwelling: Dwelling, until: string, random: SeededRandom): Registration[] {
  const first = later(daysAfter(person.birthDate, 30), daysAfter(until, -4000));
  if (first >= daysAfter(until, -60)) return [];
  return [
    {
      dwelling,
      kato: dwelling.place.kato,
      kind: 'PERMANENT',
      registeredOn: dateBetween(random, first, daysAfter(until, -60)),
      deregisteredOn: daysAfter(until, -1),
    },
  ];
}
