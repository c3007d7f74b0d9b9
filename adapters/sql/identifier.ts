import { z } from 'zod';

/** Length of a name in bytes. The server cuts longer names off, so that they would name something else. */
const MAX_BYTES = 63;

/**
 * A name in a PostgreSQL database, as the catalogue has it: any characters, upper and lower case. Names come only from
 * `source.yaml`, and statements quote them.
 */
export const sqlName = z
  .string()
  .min(1)
  .refine((name) => !name.includes('\0') && Buffer.byteLength(name) <= MAX_BYTES, {
    error: 'is no name of PostgreSQL: at most 63 bytes, no U+0000',
  });

/** A table or view: its name in the schema `public`, or schema and name. */
export const tableName = z.union([sqlName, z.tuple([sqlName, sqlName])], {
  error: 'must be the name of a table in the schema public, or [schema, table]',
});

export type TableName = z.output<typeof tableName>;

/** Quotes an identifier (PostgreSQL manual, section 4.1.1): inner quotes are doubled. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Returns the table as statements name it. A name without a schema is found by `search_path`, which is `public`. */
export function quotedTable(table: TableName): string {
  return typeof table === 'string' ? quoted(table) : table.map(quoted).join('.');
}
