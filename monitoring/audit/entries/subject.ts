import { commitment } from '../commitment.js';

/**
 * A person in an entry: three commitments under one salt of 16 bytes, which is kept beside the entry and is not hashed.
 * Each is SHA-256(salt ‖ RFC 8785 of the text), hex. Without the salt, none of the texts can be guessed.
 */
export interface EntrySubject {
  /** Commitment to the person's identifier. */
  readonly person: string;
  /**
   * Commitment to the index token under which a search finds the entry, in lower-case hex. Null only in the completion
   * `unknown` of an intent whose token or salt was missing: nothing is kept beside it for this person.
   */
  readonly index: string | null;
  /** Commitment to the sealed identity that is kept beside the entry, in lower-case hex. Null: none was sealed. */
  readonly sealed: string | null;
}

/** What a subject is committed from. */
export interface SubjectFacts {
  readonly identifier: string;
  /** Index token, hex (`Pseudonyms.indexToken`). */
  readonly token: string;
  readonly salt: Uint8Array;
  /** The sealed identity (`sealIdentity`). Null or not given: none is kept. */
  readonly sealed?: Uint8Array | null | undefined;
}

/** Returns a person as an entry states it. */
export function entrySubject({ identifier, token, salt, sealed = null }: SubjectFacts): EntrySubject {
  return {
    person: commitment(salt, identifier),
    index: indexCommitment(salt, token),
    sealed: sealedCommitment(salt, sealed),
  };
}

/** Returns the commitment of `EntrySubject.index`. */
export function indexCommitment(salt: Uint8Array, token: string): string {
  return commitment(salt, token);
}

/** Returns the commitment of `EntrySubject.sealed`; null for none. */
export function sealedCommitment(salt: Uint8Array, sealed: Uint8Array | null): string | null {
  return sealed === null ? null : commitment(salt, hexOf(sealed));
}

/** Returns bytes as lower-case hex, as commitments state them. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

const LONGEST = 'f'.repeat(64);

/** A subject as long as any can be, for ceilings: with all three commitments. */
export const LARGEST_SUBJECT: EntrySubject = { person: LONGEST, index: LONGEST, sealed: LONGEST };
