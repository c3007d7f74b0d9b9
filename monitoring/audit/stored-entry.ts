import { ENTRY_COLUMNS, forEachColumn, type EntryColumns } from './beside/columns.js';
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

/**
 * Returns the expression of a time as the database keeps it, with microseconds: ISO 8601, UTC. A time that is no point in
 * time, which only a change of the database can make, is `infinity` or `-infinity`.
 */
export function timeText(time: string): string {
  return `CASE WHEN isfinite(${time}) THEN to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE ${time}::text END`;
}

/** What is selected of `audit_entry e` for an entry with its columns, without the rows of its people. */
export const ENTRY_SELECTION = [
  'e.log_id, e.index, e.entry, e.leaf_hash, e.answer_salt',
  ...Object.values(ENTRY_COLUMNS).map(({ column }) => (column === 'at' ? `${timeText('e.at')} AS at` : `e.${column}`)),
].join(', ');

/** What is selected of `audit_subject s` for the row of a person, by the names of a {@link StoredSubjectRow}. */
const SUBJECT_VALUES = {
  position: 's.position',
  token: "encode(s.index_token, 'hex')",
  salt: "encode(s.salt, 'hex')",
  sealed: "encode(s.sealed, 'hex')",
};

/** The same as columns of one row of `audit_subject s`, with the index of its entry and its own time. */
export const SUBJECT_SELECTION = [
  's.index',
  ...Object.entries(SUBJECT_VALUES).map(([name, of]) => `${of} AS ${name}`),
  `${timeText('s.at')} AS at`,
].join(', ');

/** A row of `audit_subject`. Bytes are hex. */
export interface StoredSubjectRow {
  readonly position: number;
  readonly token: string | null;
  readonly salt: string | null;
  readonly sealed: string | null;
  /** Absent where only rows with the time of the entry were asked for. */
  readonly at?: string | null;
}

/**
 * Returns what is selected of `audit_entry e` for {@link storedEntry}: an entry with its columns and the rows of its people
 * that have its time, by their positions. Rows with another time, which only a change of the database can make, count as
 * missing here: looking for them in every month would cost a search more than all else.
 *
 * @param within conditions that bound `s.at` by parameters, where the times of the entries are known: only the months
 *   between are opened then.
 */
export function storedEntrySelection(within: readonly string[] = []): string {
  const values = Object.entries(SUBJECT_VALUES).map(([name, of]) => `'${name}', ${of}`);
  const conditions = ['s.at = e.at', 's.log_id = e.log_id', 's.index = e.index', ...within];
  return `${ENTRY_SELECTION},
    (SELECT json_agg(json_build_object(${values.join(', ')}) ORDER BY s.position) FROM audit_subject s WHERE ${conditions.join(' AND ')}) AS subjects`;
}

/** {@link storedEntrySelection} of entries whose times are not known. */
export const STORED_ENTRY = storedEntrySelection();

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
  /** The rows of its people; null if there is none. */
  readonly subjects: readonly StoredSubjectRow[] | null;
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
  return forEachColumn((name) => row[ENTRY_COLUMNS[name].column] ?? null);
}

function subjectRows({ subjects, at: time }: EntryRow): readonly SubjectRow[] {
  return (subjects ?? []).map(({ position, token, salt, sealed, at = time }) => ({
    ...{ position, at, token: bytesOf(token), salt: bytesOf(salt), sealed: bytesOf(sealed) },
  }));
}

function bytesOf(hex: string | null): Buffer | null {
  return hex === null ? null : Buffer.from(hex, 'hex');
}
