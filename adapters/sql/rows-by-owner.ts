import type { Row } from './sql-reader.js';
import { OWNER } from './statement.js';

/** Rows by whose they are, in their order; undefined where one is somebody's who was not asked about. */
export function rowsByOwner(
  rows: readonly Row[],
  asked: readonly string[],
): ReadonlyMap<string, readonly Row[]> | undefined {
  const owners = new Map<string, Row[]>(asked.map((key) => [key, []]));
  for (const row of rows) {
    // `bpchar` comes padded to its length.
    const own = owners.get(String(row[OWNER]).trimEnd());
    if (own === undefined) return undefined;
    own.push(row);
  }
  return owners;
}
