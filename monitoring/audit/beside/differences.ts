import { hexOf, indexCommitment, sealedCommitment, type StoredBody, type StoredSubject } from '../entries.js';
import { COLUMN_NAMES, columnsOf, ENTRY_COLUMNS, type EntryColumns } from './columns.js';

/**
 * What stands beside the bytes of an entry, as it is stored or about to be stored. Times are ISO 8601, UTC. A stored time
 * has six digits of the second, as the database keeps it: a changed microsecond is a change.
 */
export interface Beside {
  readonly columns: Readonly<Record<keyof EntryColumns, unknown>>;
  /** The rows of the entry's people, in any order. */
  readonly subjects: readonly SubjectRow[];
}

/** A row of `audit_subject`. */
export interface SubjectRow {
  /** Position in the `subjects` of the entry. */
  readonly position: number;
  /** Index token, 16 bytes. */
  readonly token: Uint8Array | null;
  readonly salt: Uint8Array | null;
  /** Sealed identity. */
  readonly sealed: Uint8Array | null;
  /** The time of the entry. */
  readonly at: string | null;
}

/** One difference between the bytes of an entry and what stands beside them. */
export type Difference =
  /** A column holds another value than the bytes. Values as texts; null where there is none. */
  | {
      readonly kind: 'column';
      readonly column: string;
      readonly stored: string | null;
      readonly bytes: string | null;
    }
  /** A person of the entry has no row, or one without token or salt: a search does not find the entry. */
  | { readonly kind: 'subject_missing'; readonly position: number }
  /** A row belongs to no person of the entry, or to one who has a row already. */
  | { readonly kind: 'subject_unknown'; readonly position: number }
  /** Token and salt of a row are not those to which the bytes commit: one of the two was changed. */
  | { readonly kind: 'subject_token'; readonly position: number }
  /** The sealed identity of a row is not the one to which the bytes commit, or one of the two has none. */
  | { readonly kind: 'subject_sealed'; readonly position: number }
  /** A row has another time than the bytes. */
  | {
      readonly kind: 'subject_at';
      readonly position: number;
      readonly stored: string | null;
      readonly bytes: string | null;
    };

/**
 * Compares the bytes of an entry with everything beside them that can be checked: columns, number and places of the rows
 * of its people, their times, and salt, token and sealed identity of each against the commitments. Returns every
 * difference, columns first; an empty list if all is as it was written.
 *
 * Writing, reading and verifying use this one function, so that all of them mean the same. It looks at the bytes as they
 * are: whether they are still those that were hashed is for the leaf to say.
 *
 * Entries of versions 1 to 3 do not commit to index tokens ({@link commitsToTokens}): a changed token or salt of theirs is
 * not seen. The rows of a completion `unknown` of these versions may be missing as a whole, because they were not kept
 * where its intent's had been erased. The salt of the answer is checked with the answer (`verifyAnswer`), not here.
 */
export function differencesBeside(body: StoredBody, { columns, subjects }: Beside): readonly Difference[] {
  return [...columnDifferences(body, columns), ...differencesOfSubjects(body, subjects)];
}

/** Returns whether the bytes commit to the index tokens of their people, so that a changed token is seen. */
export function commitsToTokens({ schemaVersion }: { readonly schemaVersion: number }): boolean {
  return schemaVersion >= FIRST_WITH_TOKENS;
}

const FIRST_WITH_TOKENS = 4;

function columnDifferences(body: StoredBody, stored: Beside['columns']): readonly Difference[] {
  const made = columnsOf(body);
  const differences: Difference[] = [];
  for (const name of COLUMN_NAMES) {
    const { column, since = 1 } = ENTRY_COLUMNS[name];
    if (isSame(name, stored[name], made[name])) continue;
    if (stored[name] === null && body.schemaVersion < since) continue;
    differences.push({ kind: 'column', column, stored: textOf(stored[name]), bytes: textOf(made[name]) });
  }
  return differences;
}

function isSame(name: keyof EntryColumns, stored: unknown, made: unknown): boolean {
  if (Array.isArray(stored) && Array.isArray(made))
    return stored.length === made.length && stored.every((one, nth) => one === made[nth]);
  return name === 'at' ? isSameTime(stored, made) : stored === made;
}

/** The bytes state milliseconds. */
function isSameTime(stored: unknown, made: unknown): boolean {
  if (typeof stored !== 'string' || typeof made !== 'string') return false;
  return stored === made || stored === made.replace(/Z$/, '000Z');
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Returns the differences of {@link differencesBeside} that are about the rows of the entry's people. */
export function differencesOfSubjects(body: StoredBody, rows: readonly SubjectRow[]): readonly Difference[] {
  const subjects = 'subjects' in body && Array.isArray(body.subjects) ? body.subjects : [];
  if (rows.length === 0 && mayLackRows(body)) return [];
  const rowOf = new Map<number, SubjectRow>();
  const differences: Difference[] = [];
  for (const row of rows) {
    if (rowOf.has(row.position) || !hasRow(subjects[row.position]))
      differences.push({ kind: 'subject_unknown', position: row.position });
    else rowOf.set(row.position, row);
  }
  subjects.forEach((subject, position) => {
    if (hasRow(subject)) differences.push(...rowDifferences(subject, rowOf.get(position), { position, at: body.at }));
  });
  return differences;
}

function rowDifferences(
  subject: StoredSubject,
  row: SubjectRow | undefined,
  { position, at }: { readonly position: number; readonly at: string },
): readonly Difference[] {
  if (row === undefined || row.token === null || row.salt === null) return [{ kind: 'subject_missing', position }];
  const differences: Difference[] = [];
  if (!isSameTime(row.at, at)) differences.push({ kind: 'subject_at', position, stored: row.at, bytes: textOf(at) });
  if (typeof subject !== 'string' && subject.index !== indexCommitment(row.salt, hexOf(row.token)))
    differences.push({ kind: 'subject_token', position });
  else if ((typeof subject === 'string' ? null : subject.sealed) !== sealedCommitment(row.salt, row.sealed))
    differences.push({ kind: 'subject_sealed', position });
  return differences;
}

/** Every person has a row, unless no token of the person was kept. */
function hasRow(subject: StoredSubject | undefined): subject is StoredSubject {
  return typeof subject === 'string' || (typeof subject === 'object' && subject !== null && subject.index !== null);
}

function mayLackRows(body: StoredBody): boolean {
  return !commitsToTokens(body) && body.kind === 'completion' && body.outcome === 'unknown';
}
