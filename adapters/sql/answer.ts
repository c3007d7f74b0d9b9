import type { FailureReason } from '../../schemas/failures/register-failure.js';
import { bareObject } from '../../schemas/objects.js';
import type { OnFinding } from '../mapping/compile-record.js';
import type { BeyondFinder } from '../mapping/unread.js';
import { RegisterFailure } from '../port.js';
import type { Key } from './key.js';
import type { PreparedRoot } from './prepare/prepare-roots.js';
import type { PreparedType, TablePart } from './prepare/prepared-type.js';
import { canonicalKey, type RowsByOwner } from './rows-by-owner.js';
import type { Row } from './reader/sql-reader.js';

type Path = readonly (string | number)[];

/** The rows that a call found, and what is noted while records are made of them. */
export interface Found {
  readonly register: string;
  /** By the text of their statement. */
  readonly rows: ReadonlyMap<string, RowsByOwner>;
}

/** Where faults and conversions of one record are noted. */
export interface Notes {
  readonly onFault: (path: Path, reason: FailureReason) => void;
  readonly onFinding: OnFinding;
  readonly converted: Set<string>;
  readonly beyond: BeyondFinder;
}

/**
 * Returns the record of a key in the form of its selection, or null if the table has none. Throws `RegisterFailure` if
 * there are two.
 */
export function recordOf(
  { type, keyNames, ofKey, record, fields }: PreparedType,
  key: Key,
  found: Found,
  notes: Notes,
): Record<string, unknown> | null {
  const made = record === undefined ? bareObject() : oneOf(record, key, [], found, notes);
  if (made === null) return null;
  for (const { name, responseKey } of ofKey)
    made[responseKey] = name === '__typename' ? type : key[keyNames.indexOf(name)];
  for (const part of fields)
    made[part.responseKey] = part.isList
      ? listOf(part, [key], [part.responseKey], found, notes)
      : oneOf(part, key, [part.responseKey], found, notes);
  return made;
}

/** Returns the value of a root field. Throws like {@link recordOf}. */
export function rootValueOf(
  { part, responseKey }: Pick<PreparedRoot, 'part' | 'responseKey'>,
  { keys, isMany }: { readonly keys: readonly Key[]; readonly isMany: boolean },
  found: Found,
  notes: Notes,
): unknown {
  if (isMany) return keys.map((key, place) => oneOf(part, key, [responseKey, place], found, notes));
  const [key] = keys;
  if (part.isList) return listOf(part, keys, [responseKey], found, notes);
  return key === undefined ? null : oneOf(part, key, [responseKey], found, notes);
}

function oneOf(part: TablePart, key: Key, path: Path, found: Found, notes: Notes): Record<string, unknown> | null {
  const [row, another] = rowsOf(part, key, found);
  if (another !== undefined) throw new RegisterFailure(found.register, 'duplicate_record');
  if (row === undefined) return null;
  noteRead(part, [row], notes);
  return part.read(
    row,
    (below, reason) => notes.onFault([...path, ...below], reason),
    (below, field) => notes.onFinding([...path, ...below], field),
  );
}

function listOf(
  part: TablePart,
  keys: readonly Key[],
  path: Path,
  found: Found,
  notes: Notes,
): readonly Record<string, unknown>[] {
  const [only] = keys;
  // Mostly there is one key.
  const rows =
    only !== undefined && keys.length === 1
      ? rowsOf(part, only, found)
      : keys.flatMap((key) => rowsOf(part, key, found));
  noteRead(part, rows, notes);
  // The path is written out for a fault only.
  return rows.map((row, place) =>
    part.read(
      row,
      (below, reason) => notes.onFault([...path, place, ...below], reason),
      (below, field) => notes.onFinding([...path, place, ...below], field),
    ),
  );
}

function rowsOf({ statement }: TablePart, key: Key, { rows }: Found): readonly Row[] {
  const canonical = canonicalKey(statement.keys, key);
  return canonical === undefined ? [] : (rows.get(statement.text)?.get(canonical) ?? []);
}

/** Notes what these rows of a part hold beside their records. */
function noteRead(
  { findBeyond, converted }: TablePart,
  rows: readonly Row[],
  { converted: noted, beyond }: Notes,
): void {
  if (rows.length === 0) return;
  if (findBeyond !== undefined) for (const row of rows) findBeyond(row, beyond);
  for (const conversion of converted) noted.add(conversion);
}
