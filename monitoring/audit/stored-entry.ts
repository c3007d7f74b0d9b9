import { ENTRY_COLUMNS, type EntryColumns } from './beside/columns.js';
import { differencesBeside, type Difference, type SubjectRow } from './beside/differences.js';
import { leafHash } from './canonical.js';
import type { StoredBody } from './entries.js';

/** Bytes that are not an entry, because someone changed them. The columns stored with them are shown instead. */
export interface UnreadableBody {
  readonly kind: 'unreadable';
  readonly schemaVersion: number;
  readonly requestId: string;
  readonly at: string;
}

/** An entry as the log has it. */
export interface StoredEntry {
  readonly log: string;
  readonly index: number;
  /** The bytes that were hashed. */
  readonly bytes: Buffer;
  /** The parsed bytes, of any version. Later versions have fields that this program does not know. */
  readonly body: StoredBody | UnreadableBody;
  /** The stored leaf, hex. */
  readonly leafHash: string;
  /** Whether the stored bytes still hash to the stored leaf. */
  readonly intact: boolean;
  /**
   * Where columns and rows beside the bytes differ from them, with the bytes' values (see `differencesBeside`). Empty if
   * they do not, and for bytes that cannot be read.
   */
  readonly differences: readonly Difference[];
  /** Hex; null if the entry commits to no answer. */
  readonly answerSalt: string | null;
}

/** Returns the body in stored bytes, or undefined if the bytes are not a body. */
export function readBody(bytes: Buffer): StoredBody | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && 'kind' in value ? (value as StoredBody) : undefined;
  } catch {
    return undefined;
  }
}

/** A time as the database keeps it, with microseconds: ISO 8601, UTC. */
const timeText = (time: string): string => `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** What is selected of `audit_entry e` for an entry with its columns, without the rows of its people. */
export const ENTRY_SELECTION = [
  'e.log_id, e.index, e.entry, e.leaf_hash, e.answer_salt',
  ...Object.values(ENTRY_COLUMNS).map(({ column }) => (column === 'at' ? `${timeText('e.at')} AS at` : `e.${column}`)),
].join(', ');

/** What is selected of `audit_subject s` for the row of a person, by the names of the arrays of an {@link EntryRow}. */
const SUBJECT_VALUES = {
  subject_positions: 's.position',
  subject_tokens: 's.index_token',
  subject_salts: 's.salt',
  subject_sealed: 's.sealed',
  subject_times: timeText('s.at'),
};

/** The same as columns of one row of `audit_subject s`, with the index of its entry: a {@link SubjectSelectionRow}. */
export const SUBJECT_SELECTION = `s.index, s.position, s.index_token AS token, s.salt, s.sealed, ${SUBJECT_VALUES.subject_times} AS at`;

/** A row of {@link SUBJECT_SELECTION}. */
export interface SubjectSelectionRow {
  readonly index: string;
  readonly position: number;
  readonly token: Buffer | null;
  readonly salt: Buffer | null;
  readonly sealed: Buffer | null;
  readonly at: string | null;
}

/**
 * What is selected of `audit_entry e` for {@link storedEntry}: an entry with its columns and the rows of its people that
 * have its time. The rows are five arrays in one order. Rows with another time, which only a change of the database can
 * make, count as missing here: looking for them in every month would cost a search more than all else.
 */
export const STORED_ENTRY = [
  ENTRY_SELECTION,
  ...Object.entries(SUBJECT_VALUES).map(
    ([name, of]) =>
      `ARRAY (SELECT ${of} FROM audit_subject s WHERE s.at = e.at AND s.log_id = e.log_id AND s.index = e.index ORDER BY s.position) AS ${name}`,
  ),
].join(', ');

/** A row of {@link STORED_ENTRY}. The columns of `EntryColumns` are in it by the names that they have in the database. */
export interface EntryRow extends Readonly<Record<string, unknown>> {
  readonly log_id: string;
  readonly index: string;
  readonly request_id: string;
  readonly at: string;
  readonly schema_version: number;
  readonly entry: Buffer;
  readonly leaf_hash: Buffer;
  readonly answer_salt: Buffer | null;
  readonly subject_positions: readonly number[];
  readonly subject_tokens: readonly (Buffer | null)[];
  readonly subject_salts: readonly (Buffer | null)[];
  readonly subject_sealed: readonly (Buffer | null)[];
  readonly subject_times: readonly (string | null)[];
}

/** Returns a row of `audit_entry` as a stored entry: with its hash recomputed, and with what differs beside its bytes. */
export function storedEntry(row: EntryRow): StoredEntry {
  const { entry: bytes, leaf_hash: leaf, schema_version: schemaVersion, request_id: requestId, at } = row;
  const body = readBody(bytes);
  return {
    log: row.log_id,
    index: Number(row.index),
    bytes,
    body: body ?? { kind: 'unreadable', schemaVersion, requestId, at: at.replace(/000Z$/, 'Z') },
    leafHash: leaf.toString('hex'),
    intact: leafHash(bytes).equals(leaf),
    differences:
      body === undefined ? [] : differencesBeside(body, { columns: storedColumns(row), subjects: subjectRows(row) }),
    answerSalt: row.answer_salt?.toString('hex') ?? null,
  };
}

function storedColumns(row: EntryRow): Readonly<Record<keyof EntryColumns, unknown>> {
  return Object.fromEntries(
    Object.entries(ENTRY_COLUMNS).map(([name, { column }]) => [name, row[column] ?? null]),
  ) as Record<keyof EntryColumns, unknown>;
}

function subjectRows(row: EntryRow): readonly SubjectRow[] {
  return row.subject_positions.map((position, nth) => ({
    position,
    token: row.subject_tokens[nth] ?? null,
    salt: row.subject_salts[nth] ?? null,
    sealed: row.subject_sealed[nth] ?? null,
    at: row.subject_times[nth] ?? null,
  }));
}
