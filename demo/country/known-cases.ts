import { birthDateOf } from '../../schemas/identifiers/iin.js';
import type { Country } from './country.js';
import type { Person } from './model.js';
import { OFFICIAL, WORKING_MINOR } from './people.js';

/** A situation that agencies really meet, and one person of the country who is in it. */
export interface KnownCase {
  readonly what: string;
  readonly iin: string;
}

/** Weights of the first pass of the IIN's check digit; where they give ten the second pass is used. */
const FIRST_PASS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/** Situations to try, each with the first person in it whose records have no known defect. */
export function knownCases(country: Country): readonly KnownCase[] {
  const { persons, civilActs, addresses, property, defects } = country;
  const hidden = new Set(country.protectedPeople);
  const oneIsHidden = ({ parentsIins }: Person): boolean => parentsIins.filter((iin) => hidden.has(iin)).length === 1;
  const spoilt = new Set(Object.values(defects).flat());
  const homes = new Map(addresses.map(({ iin, current }) => [iin, current?.dwelling.code]));
  const sound = persons.filter(({ iin, lifeStatus }) => lifeStatus === 'ALIVE' && !spoilt.has(iin));
  const first = (holds: (person: Person) => boolean): string => sound.find(holds)?.iin ?? '';
  const adopted = new Set(civilActs.flatMap(({ iin, adoption }) => (adoption === null ? [] : [iin])));
  const coOwned = property.buildings.find(({ share, owner }) => share === '1/2' && !spoilt.has(owner));
  return [
    {
      what: 'a child whose parents live at different addresses',
      iin: first(
        (person) => isMinor(person) && livesApart(person, homes) && !person.parentsIins.some((iin) => hidden.has(iin)),
      ),
    },
    {
      what: 'a child whose parents live at different addresses, one of them protected',
      iin: first((person) => isMinor(person) && livesApart(person, homes) && oneIsHidden(person)),
    },
    { what: 'an adopted child; the act is sensitive and shown to no one', iin: first(({ iin }) => adopted.has(iin)) },
    { what: 'one of two owners of a flat', iin: coOwned?.owner ?? '' },
    { what: 'a minor with an income', iin: WORKING_MINOR.iin },
    { what: 'someone without a patronymic', iin: first(({ middleName }) => middleName === null) },
    { what: 'born on a leap day', iin: first(({ iin }) => birthDateOf(iin)?.endsWith('-02-29') === true) },
    { what: 'a number of the second pass of the check digit', iin: first(({ iin }) => firstPass(iin) === 10) },
    { what: 'an official who must declare income, property and companies', iin: OFFICIAL.iin },
  ];
}

function isMinor({ iin }: Person): boolean {
  return (birthDateOf(iin) ?? '') > '2008-03-02';
}

function livesApart({ parentsIins }: Person, homes: ReadonlyMap<string, string | undefined>): boolean {
  const [one, other] = parentsIins.map((iin) => homes.get(iin));
  return one !== undefined && other !== undefined && one !== other;
}

function firstPass(iin: string): number {
  return FIRST_PASS.reduce((sum, weight, place) => sum + weight * Number(iin[place]), 0) % 11;
}
