import type { LeafType } from '../description.js';

/** The scalar of each leaf. Enumerated texts are texts: the contract judges their values. */
export const SCALARS: Readonly<Record<Exclude<LeafType, 'binary'>, string>> = {
  text: 'String',
  integer: 'Int',
  long: 'BigInt',
  decimal: 'Decimal',
  boolean: 'Boolean',
  date: 'LocalDate',
  instant: 'Instant',
};

/** The scalar of numbers that identify a person. */
export const PERSON_NUMBER = 'Iin';

/** What the schema says of scalars that GraphQL does not have. */
export const SCALAR_DESCRIPTIONS: Readonly<Record<string, string>> = {
  BigInt: 'A whole number of any size, as text.',
  Decimal: 'A decimal number with all its digits, as text.',
  Iin: 'Individual identification number: 12 digits with a check digit.',
  Instant: 'A moment, RFC 3339 with an offset.',
  LocalDate: 'A calendar date, YYYY-MM-DD.',
};
