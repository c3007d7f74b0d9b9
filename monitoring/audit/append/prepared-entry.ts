import { columnsOf, type EntryColumns } from '../beside/columns.js';
import { differencesOfSubjects } from '../beside/differences.js';
import { canonicalBytes, leafHash } from '../canonical.js';
import type { EntryBody, EntryDraft } from '../entries.js';

/** An entry ready to be written: its bytes, their hash, and what stands beside them. */
export interface PreparedEntry {
  readonly bytes: Buffer;
  readonly leaf: Buffer;
  readonly columns: EntryColumns;
  readonly answerSalt: Buffer | null;
  readonly subjects: readonly PreparedSubject[];
}

/** What stands beside an entry for one of its people. */
export interface PreparedSubject {
  /** Position in the `subjects` of the entry. */
  readonly position: number;
  /** Index token, 16 bytes. */
  readonly token: Buffer;
  readonly salt: Buffer;
  /** Sealed identity; null if none is kept. */
  readonly sealed: Uint8Array | null;
}

/**
 * Greatest length of an entry: a bundle of entries states the length of each in two bytes (C2SP tlog-tiles). A longer
 * entry is a fault of the gateway, not of a caller.
 */
export const MAX_ENTRY_BYTES = 65_535;

/**
 * Canonicalises and hashes a draft. Throws `RangeError` if the entry is longer than `MAX_ENTRY_BYTES`, or if salts,
 * tokens and sealed identities are not those to which its subjects commit.
 */
export function prepareEntry({ body, beside }: EntryDraft): PreparedEntry {
  const bytes = canonicalBytes(body);
  if (bytes.length > MAX_ENTRY_BYTES) throw new RangeError(`an audit entry of ${bytes.length} bytes`);
  const subjects = subjectsOf(body, beside);
  const rows = subjects.map((subject) => ({ ...subject, at: body.at }));
  if (differencesOfSubjects(body, rows).length > 0)
    throw new RangeError('tokens, salts or sealed identities to which the subjects of an audit entry do not commit');
  return {
    bytes,
    leaf: leafHash(bytes),
    columns: columnsOf(body),
    answerSalt: beside.answerSalt === undefined ? null : Buffer.from(beside.answerSalt, 'hex'),
    subjects,
  };
}

/** A salt without its subject cannot be found again, so each subject that commits to a token has a salt of its own. */
function subjectsOf(
  body: EntryBody,
  { subjectTokens: tokens = [], subjectSalts: salts = [], subjectSealed: sealed = [] }: EntryDraft['beside'],
): readonly PreparedSubject[] {
  const subjects = 'subjects' in body ? body.subjects : [];
  const positions = [...subjects.keys()].filter((position) => subjects[position]?.index !== null);
  if (tokens.length !== positions.length || salts.length !== positions.length)
    throw new RangeError(`${positions.length} subjects with ${tokens.length} tokens and ${salts.length} salts`);
  return positions.map((position, nth) => ({
    position,
    token: Buffer.from(tokens[nth] ?? '', 'hex'),
    salt: Buffer.from(salts[nth] ?? '', 'hex'),
    sealed: sealed[nth] ?? null,
  }));
}
