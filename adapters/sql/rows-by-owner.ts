import type { Row } from './sql-reader.js';
import { OWNER } from './statement.js';

/** Returns the rows by owner, in their order; undefined if a row belongs to a person outside the request. */
export function rowsByOwner(
  rows: readonly Row[],
  asked: readonly string[],
): ReadonlyMap<string, readonly Row[]> | undefined {
  const owners = new Map<string, Row[]>(asked.map((key) => [key, []]));
  for (const row of rows) {
    // A `bpchar` value is padded to its length.
    const own = owners.get(String(row[OWNER]).trimEnd());
    if (own === undefined) return undefined;
    own.push(row);
  }
  return owners;
}
