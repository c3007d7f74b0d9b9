import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../gateway/state/package-root.js';
import {
  APPLICANT,
  CHILD,
  fakeGate,
  SECOND_CHILD,
  SPOUSE,
  world,
  type Thing,
  type World,
  type WorldOptions,
} from './harness.js';

/** Registers over a family in memory: applicant, spouse, two children. */

const read = (path: string): string => readFileSync(join(packageRoot(), path), 'utf8');

export const HOUSING_QUEUE = read('schemas/operations/housing/HousingQueue.graphql');

const person = (iin: string, lastName: string, more: Readonly<Record<string, unknown>> = {}): Thing => ({
  __typename: 'Citizen',
  iin,
  lastName,
  firstName: `First ${lastName}`,
  middleName: null,
  birthDate: '1980-01-01',
  sex: 'F',
  lifeStatus: 'ALIVE',
  documents: [
    { __typename: 'IdentityDocument', type: 'ID_CARD', number: '1' },
    { __typename: 'IdentityDocument', type: 'PASSPORT', number: '2' },
  ],
  ...more,
});

const SPOUSE_RECORD = person(SPOUSE, 'Spouse');
const CHILDREN = [person(CHILD, 'Child'), person(SECOND_CHILD, 'Second')];
const APPLICANT_RECORD = person(APPLICANT, 'Applicant', { spouse: SPOUSE_RECORD, children: CHILDREN, parents: [] });

export const PEOPLE: ReadonlyMap<string, Thing> = new Map(
  [APPLICANT_RECORD, SPOUSE_RECORD, ...CHILDREN].map((one) => [String(one['iin']), one]),
);

const personOf = (iin: unknown): Thing | undefined => PEOPLE.get(String(iin));

const land = (owner: unknown, number: number): Thing => ({
  __typename: 'Land',
  cadastralNumber: `${String(owner)}/${number}`,
  area: '6.00',
  use: 'U',
  share: '1/1',
  ownedSince: '2020-01-01',
});

const DERIVATIONS = {
  birthYear: ({ birthDate }: Readonly<Record<string, unknown>>) =>
    typeof birthDate === 'string' ? Number(birthDate.slice(0, 4)) : null,
  ageGroup: () => 'ADULT',
  pseudonym: (
    { iin }: Readonly<Record<string, unknown>>,
    { receiver, caseNumber }: { receiver: string; caseNumber: string },
  ) => `${receiver}/${caseNumber}/${String(iin).length}`,
};

export function country(options: WorldOptions = {}): World {
  return world(
    {
      population: {
        sdl: read('tests/gateway/execution/family/population.graphql'),
        roots: { citizen: ({ iin }) => personOf(iin), person: ({ handle }) => personOf(handle) },
        entity: ({ iin }) => personOf(iin),
      },
      address: { sdl: read('tests/gateway/execution/family/address.graphql'), entity: addressRecord },
      property: {
        sdl: read('tests/gateway/execution/family/property.graphql'),
        entity: ({ iin }) => ({
          __typename: 'Citizen',
          iin,
          lands: [land(iin, 1), land(iin, 2)],
          buildings: [],
          vehicles: [],
        }),
      },
    },
    { derivationsBy: DERIVATIONS, ...options },
  );
}

function addressRecord({ iin }: Readonly<Record<string, unknown>>): Thing {
  const household = [...PEOPLE.keys()]
    .filter((other) => other !== iin)
    .map((other) => ({ __typename: 'Citizen', iin: other }));
  return {
    __typename: 'Citizen',
    iin,
    registration: { __typename: 'Registration', region: 'Region', city: 'City', household },
    formerRegistrations: [],
  };
}

/** A gate that withholds these categories, of everyone or of these persons. */
export function withholding(...refused: readonly (string | readonly [category: string, ...persons: string[]])[]) {
  return fakeGate(({ subject }, category) =>
    refused.every((one) =>
      typeof one === 'string' ? one !== category : one[0] !== category || (one.length > 1 && !one.includes(subject.id)),
    ),
  );
}
