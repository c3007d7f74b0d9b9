import { leafHash } from './canonical.js';
import type { EntryBody } from './entries.js';

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
  readonly body: EntryBody | UnreadableBody;
  /** The stored leaf, hex. */
  readonly leafHash: string;
  /** Whether the stored bytes still hash to the stored leaf. */
  readonly intact: boolean;
  /** Hex; null if the entry commits to no answer. */
  readonly answerSalt: string | null;
}

/** Returns the body in stored bytes, or undefined if the bytes are not a body. */
export function readBody(bytes: Buffer): EntryBody | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && 'kind' in value ? (value as EntryBody) : undefined;
  } catch {
    return undefined;
  }
}

export interface EntryRow {
  readonly log_id: string;
  readonly index: string;
  readonly request_id: string;
  readonly at: string;
  readonly schema_version: number;
  readonly entry: Buffer;
  readonly leaf_hash: Buffer;
  readonly answer_salt: Buffer | null;
}

/** Returns a row of `audit_entry` as a stored entry, with its hash recomputed. */
export function storedEntry({
  log_id,
  index,
  request_id: requestId,
  at,
  schema_version: schemaVersion,
  entry,
  leaf_hash,
  answer_salt,
}: EntryRow): StoredEntry {
  return {
    log: log_id,
    index: Number(index),
    bytes: entry,
    body: readBody(entry) ?? { kind: 'unreadable', schemaVersion, requestId, at },
    leafHash: leaf_hash.toString('hex'),
    intact: leafHash(entry).equals(leaf_hash),
    answerSalt: answer_salt?.toString('hex') ?? null,
  };
}
