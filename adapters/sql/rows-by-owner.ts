import type { KeyColumn } from './key-column.js';
import { ownerColumn } from './statement/read-statement.js';
import type { Row } from './reader/sql-reader.js';

/** Rows by the canonical text of their key. */
export type RowsByOwner = ReadonlyMap<string, readonly Row[]>;

/**
 * Returns one text for the values of a key, in the order of its columns: equal keys have equal texts, however they are
 * written. Undefined if no row can have the key.
 */
export function canonicalKey(keys: readonly KeyColumn[], values: readonly string[]): string | undefined {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return only.canonical(values[0] ?? '');
  const parts = keys.map(({ canonical }, place) => canonical(values[place] ?? ''));
  return parts.includes(undefined) ? undefined : JSON.stringify(parts);
}

/**
 * Returns the rows by owner, in their order; undefined if a row belongs to a person outside the request.
 *
 * @param asked canonical keys.
 */
export function rowsByOwner(
  rows: readonly Row[],
  asked: Iterable<string>,
  keys: readonly KeyColumn[],
): RowsByOwner | undefined {
  const owners = new Map<string, Row[]>([...asked].map((key) => [key, []]));
  for (const row of rows) {
    const owner = ownerOf(row, keys);
    const own = owner === undefined ? undefined : owners.get(owner);
    if (own === undefined) return undefined;
    own.push(row);
  }
  return owners;
}

function ownerOf(row: Row, keys: readonly KeyColumn[]): string | undefined {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return only.canonicalOfRow(String(row[ownerColumn(0)]));
  const parts = keys.map(({ canonicalOfRow }, place) => canonicalOfRow(String(row[ownerColumn(place)])));
  return parts.includes(undefined) ? undefined : JSON.stringify(parts);
}
