import type { Country } from './country.js';

/**
 * Who is protected: the mother of the first child for whom an allowance is asked and whose father
 * lives elsewhere, their records sound. One person is enough to see that nobody is told of her.
 */
export function protectedPeople({
  persons,
  addresses,
  cases,
  defects,
}: Pick<Country, 'persons' | 'addresses' | 'cases' | 'defects'>): readonly string[] {
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
