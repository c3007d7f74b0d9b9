import { indexCommitment, sealedCommitment, type EntrySubject, type StoredSubject } from '../entries.js';

/** What is kept beside an entry for one of its people; token and salt in hex. */
export interface KeptSubject {
  readonly token: string | undefined;
  readonly salt: string | undefined;
  readonly sealed: Uint8Array | null;
}

/**
 * Returns a person of a stored entry as another entry states the same person, under the same salt. Where the token or the
 * salt is missing, or is not the one to which the stored entry commits, the other one commits to none: what is beside the
 * stored entry stays as it is, for `verify`. The same holds for the sealed identity.
 */
export function repeatedSubject(subject: StoredSubject, { token, salt: hex, sealed }: KeptSubject): EntrySubject {
  if (token === undefined || hex === undefined) return withoutRow(subject);
  const salt = Buffer.from(hex, 'hex');
  const index = indexCommitment(salt, token);
  if (typeof subject === 'string') return { person: subject, index, sealed: null };
  if (index !== subject.index) return withoutRow(subject);
  return sealedCommitment(salt, sealed) === subject.sealed ? subject : { ...subject, sealed: null };
}

/** A person without anything that is kept beside the other entry. */
function withoutRow(subject: StoredSubject): EntrySubject {
  const person = typeof subject === 'string' ? subject : subject.person;
  return { person, index: null, sealed: null };
}
