import { leafHash } from './canonical.js';
import type { EntryBody } from './entries.js';

/** Bytes that are not an entry: somebody changed them. What the columns beside them say is shown instead. */
export interface UnreadableBody {
  readonly kind: 'unreadable';
  readonly schemaVersion: number;
  readonly requestId: string;
  readonly at: string;
}

/** An entry as it stands in the log. */
export interface StoredEntry {
  readonly log: string;
  readonly index: number;
  /** Exactly the bytes that were hashed. */
  readonly bytes: Buffer;
  /** Parsed, whatever its version: later ones hold fields that this program does not know. */
  readonly body: EntryBody | UnreadableBody;
  /** As stored, hex. */
  readonly leafHash: string;
  /** True when the stored bytes still hash to the stored leaf. */
  readonly intact: boolean;
  /** Hex; null where the entry commits to no answer. */
  readonly answerSalt: string | null;
}

/** The body in stored bytes, or undefined when they are not one. */
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

/** A row of `audit_entry` as a stored entry, its hash recomputed. */
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
