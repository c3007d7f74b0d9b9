import { leafHash } from './canonical.js';
import type { EntryBody } from './entry.js';

/** An entry as it stands in the log. */
export interface StoredEntry {
  readonly log: string;
  readonly index: number;
  /** Exactly the bytes that were hashed. */
  readonly bytes: Buffer;
  /** Parsed; entries of a later version are objects with fields that this program does not know. */
  readonly body: EntryBody;
  /** As stored, hex. */
  readonly leafHash: string;
  /** True when the stored bytes still hash to the stored leaf. */
  readonly intact: boolean;
  /** Hex; null where the entry commits to no answer. */
  readonly answerSalt: string | null;
}

/** Parses stored bytes. */
export function parseEntry(bytes: Buffer): EntryBody {
  return JSON.parse(bytes.toString('utf8')) as EntryBody;
}

export interface EntryRow {
  readonly log_id: string;
  readonly index: string;
  readonly entry: Buffer;
  readonly leaf_hash: Buffer;
  readonly answer_salt: Buffer | null;
}

/** A row of `audit_entry` as a stored entry, its hash recomputed. */
export function storedEntry({ log_id, index, entry, leaf_hash, answer_salt }: EntryRow): StoredEntry {
  return {
    log: log_id,
    index: Number(index),
    bytes: entry,
    body: parseEntry(entry),
    leafHash: leaf_hash.toString('hex'),
    intact: leafHash(entry).equals(leaf_hash),
    answerSalt: answer_salt?.toString('hex') ?? null,
  };
}
