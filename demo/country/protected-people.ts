import type { AddressRecord, AgencyCase, Person } from './model.js';

interface Sources {
  readonly persons: readonly Person[];
  readonly addresses: readonly AddressRecord[];
  readonly cases: readonly AgencyCase[];
  /** Numbers of the persons with each defect. */
  readonly defects: Readonly<Record<string, readonly string[]>>;
}

/**
 * Returns the numbers of the protected people: one mother whose child has a case for a birth allowance and lives apart
 * from the father. The records of all three are free of defects. One person is enough to show how protection works.
 */
export function protectedPeople({ persons, addresses, cases, defects }: Sources): readonly string[] {
  const spoilt = new Set(Object.values(defects).flat());
  const byNumber = new Map(persons.map((person) => [person.iin, person]));
  const homes = new Map(addresses.map(({ iin, current }) => [iin, current?.dwelling.code]));
  const mothers = cases
    .filter(({ purpose }) => purpose === 'birth_allowance')
    .flatMap(({ subject }) => {
      const child = byNumber.get(subject);
      const parents = child?.parentsIins.flatMap((iin) => byNumber.get(iin) ?? []) ?? [];
      const [one, other] = parents.map(({ iin }) => homes.get(iin));
      if (one === undefined || other === undefined || one === other) return [];
      if ([subject, ...parents.map(({ iin }) => iin)].some((iin) => spoilt.has(iin))) return [];
      return parents.filter(({ sex, lifeStatus }) => sex === 'F' && lifeStatus === 'ALIVE');
    });
  return mothers.slice(0, 1).map(({ iin }) => iin);
}
