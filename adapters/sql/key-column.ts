import { z } from 'zod';
import { sqlName } from './identifier.js';

/** Types of key columns, with the names that the SQL standard gives to them. */
const KEY_TYPES = {
  bpchar: 'bpchar',
  char: 'bpchar',
  character: 'bpchar',
  varchar: 'varchar',
  'character varying': 'varchar',
  text: 'text',
  int2: 'int2',
  smallint: 'int2',
  int4: 'int4',
  int: 'int4',
  integer: 'int4',
  int8: 'int8',
  bigint: 'int8',
  numeric: 'numeric',
  decimal: 'numeric',
  uuid: 'uuid',
  date: 'date',
} as const;

export type KeyType = (typeof KEY_TYPES)[keyof typeof KEY_TYPES];

const NAMES = Object.keys(KEY_TYPES) as [keyof typeof KEY_TYPES, ...(keyof typeof KEY_TYPES)[]];

export const keyColumn = z.strictObject({
  column: sqlName.describe('Column of the key.'),
  type: z.enum(NAMES).describe('Its type in the database. Keys are cast to it, so that the database uses its index.'),
  name: z
    .string()
    .min(1)
    .optional()
    .describe('The name that `arguments` of fields and roots have for it. That of the column if it is left out.'),
  digits: z
    .int()
    .min(1)
    .max(38)
    .optional()
    .describe('Number of digits with which the key is written where the column is a number: `12` for an IIN.'),
});

export type KeyColumnSource = z.output<typeof keyColumn>;

/** A column of a key: how its values are sent, and how they are compared with those of the rows. */
export interface KeyColumn {
  readonly column: string;
  readonly type: KeyType;
  /**
   * Returns the one form in which equal values of the column are equal texts. Undefined for a text that no row can have
   * in this column: it is never sent, because the server would refuse the whole statement.
   */
  readonly canonical: (key: string) => string | undefined;
  /** The same for a value as the database sends it. */
  readonly canonicalOfRow: (value: string) => string | undefined;
}

/** Compiles a key column. */
export function compileKeyColumn({ column, type: name, digits }: KeyColumnSource): KeyColumn {
  const type = KEY_TYPES[name];
  const ofRow = CANONICAL[type];
  const ofKey = digits === undefined ? ofRow : (key: string) => (key.length === digits ? ofRow(key) : undefined);
  return { column, type, canonical: ofKey, canonicalOfRow: ofRow };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

const CANONICAL: Readonly<Record<KeyType, (text: string) => string | undefined>> = {
  // Blanks at the end are no part of a `bpchar` (PostgreSQL manual, section 8.3).
  bpchar: (text) => sendable(text.endsWith(' ') ? text.replace(/ +$/, '') : text),
  varchar: sendable,
  text: sendable,
  int2: (text) => whole(text, 2n ** 15n),
  int4: (text) => whole(text, 2n ** 31n),
  int8: (text) => whole(text, 2n ** 63n),
  numeric: (text) => whole(text.replace(/\.0+$/, ''), undefined),
  uuid: (text) => (UUID.test(text.toLowerCase()) ? text.toLowerCase() : undefined),
  date: (text) => (DATE.test(text) && isDay(text) ? text : undefined),
};

/** No text in the database holds U+0000. */
function sendable(text: string): string | undefined {
  return text.includes('\0') ? undefined : text;
}

function whole(text: string, limit: bigint | undefined): string | undefined {
  if (!/^-?\d{1,100}$/.test(text)) return undefined;
  const value = BigInt(text);
  return limit === undefined || (value < limit && value >= -limit) ? String(value) : undefined;
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
