import type { Country } from '../../demo/country/country.js';
import { addressLine } from '../../demo/country/places.js';
import { isObject } from '../../schemas/objects.js';

/** What answers must not tell about one person. */
interface PersonSecrets {
  readonly person: string;
  /** Texts that identify the person or the home wherever they stand, by kind. */
  readonly texts: readonly { readonly kind: SecretKind; readonly text: string }[];
  /** Members of one object that together are the person's name or home, by kind. */
  readonly objects: readonly { readonly kind: SecretKind; readonly members: Readonly<Record<string, unknown>> }[];
}

export type SecretKind =
  'number' | 'name' | 'document' | 'dwelling code' | 'address' | 'address in one line' | 'cadastral number';

export type Secrets = readonly PersonSecrets[];

/** One secret found in an answer. */
export interface Told {
  readonly what: string;
  readonly person: string;
  readonly kind: SecretKind;
}

/** Returns what answers must not tell about these people: numbers, names, documents, and the home in every form that a register has. */
export function secretsOf(people: readonly string[], country: Country): Secrets {
  return people.map((iin): PersonSecrets => {
    const person = country.persons.find((one) => one.iin === iin);
    const home = country.addresses.find((one) => one.iin === iin)?.current?.dwelling;
    if (person === undefined || home === undefined)
      throw new Error('a protected person of the test has no record or home');
    const { lastName, firstName, middleName } = person;
    const { street, house, flat, code } = home;
    const line = addressLine(home);
    const rights = country.property.buildings.filter(({ address }) => address === line);
    return {
      person: iin,
      texts: [
        { kind: 'number', text: iin },
        ...person.documents.flatMap(({ number }) =>
          number === null ? [] : [{ kind: 'document' as const, text: number }],
        ),
        { kind: 'dwelling code', text: code },
        { kind: 'address in one line', text: line },
        ...rights.map(({ cadastralNumber }) => ({ kind: 'cadastral number' as const, text: cadastralNumber })),
      ],
      objects: [
        { kind: 'name', members: { lastName, firstName, middleName } },
        { kind: 'address', members: { street, house, flat } },
      ],
    };
  });
}

/** Returns the secrets that an answer tells. `what`: what was asked. */
export function toldIn(what: string, text: string, secrets: Secrets): readonly Told[] {
  const objects = objectsIn(JSON.parse(text));
  return secrets.flatMap(({ person, texts, objects: together }) => [
    ...texts.filter((one) => text.includes(one.text)).map(({ kind }) => ({ what, person, kind })),
    ...together
      .filter(({ members }) =>
        objects.some((object) => Object.entries(members).every(([name, value]) => object[name] === value)),
      )
      .map(({ kind }) => ({ what, person, kind })),
  ]);
}

function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}
