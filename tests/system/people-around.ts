import type { Country } from '../../demo/country/country.js';

/** Returns everyone whose record leads to this person in some register: family, custody, a home or an owned building together. */
export function connectedTo(iin: string, { persons, civilActs, addresses, property }: Country): readonly string[] {
  const person = persons.find((one) => one.iin === iin);
  const code = addresses.find((one) => one.iin === iin)?.current?.dwelling.code;
  const owned = new Set(
    property.buildings.flatMap(({ owner, cadastralNumber }) => (owner === iin ? [cadastralNumber] : [])),
  );
  const found = [
    person?.spouseIin,
    ...(person?.childrenIins ?? []),
    ...(person?.parentsIins ?? []),
    ...civilActs.flatMap(({ iin: ward, custody }) =>
      custody.some(({ guardianIin }) => guardianIin === iin) ? [ward] : [],
    ),
    ...addresses.flatMap(({ iin: other, current }) => (current?.dwelling.code === code ? [other] : [])),
    ...property.buildings.flatMap(({ owner, cadastralNumber }) => (owned.has(cadastralNumber) ? [owner] : [])),
  ];
  const known = new Set(persons.map((one) => one.iin));
  return [...new Set(found.flatMap((one) => one ?? []))].filter((one) => one !== iin && known.has(one));
}
