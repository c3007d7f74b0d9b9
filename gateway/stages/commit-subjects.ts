import { entrySubject, type EntryDraft, type EntrySubject } from '../../monitoring/audit/entries.js';
import { AuditUnavailable } from '../../monitoring/audit/port.js';
import type { IdentitySealing, SealIdentity } from '../../monitoring/identity/identity-sealing.js';
import type { IndexTokens } from '../../schemas/ports/pseudonyms.js';
import type { Random } from '../../schemas/ports/random.js';
import { Refusal } from '../../schemas/refusal.js';

const SALT_BYTES = 16;

export interface CommitDependencies {
  readonly random: Random;
  readonly pseudonyms: Pick<IndexTokens, 'indexToken'>;
  readonly identities: IdentitySealing;
}

/** A person of an entry, and the salt of what commits to them. */
export interface CommittedPerson {
  readonly identifier: string;
  readonly salt: Uint8Array;
}

/** People in an entry: salted commitments in the hashed body; salts, index tokens and sealed identities beside it. */
export interface CommittedSubjects {
  readonly subjects: readonly EntrySubject[];
  /** The same people, in the same order. */
  readonly people: readonly CommittedPerson[];
  readonly beside: Required<Pick<EntryDraft['beside'], 'subjectSalts' | 'subjectTokens' | 'subjectSealed'>>;
}

/**
 * Resolves with what seals the people of an entry. Rejects with the refusal `AUDIT_UNAVAILABLE` if nothing does: an entry
 * whose people could never be identified is not written.
 */
export async function readyToSeal({ identities }: Pick<CommitDependencies, 'identities'>): Promise<SealIdentity> {
  try {
    return await identities.current();
  } catch (error) {
    if (error instanceof AuditUnavailable)
      throw new Refusal('AUDIT_UNAVAILABLE', { reasons: ['data_key'], cause: error });
    throw error;
  }
}

/** Returns people of an entry with salts that stand for their own, to measure an entry before it is committed. */
export function uncommitted(identifiers: readonly string[]): readonly CommittedPerson[] {
  const salt = new Uint8Array(SALT_BYTES);
  return identifiers.map((identifier) => ({ identifier, salt }));
}

/** Returns commitments to people, those to one person under a salt of their own. */
export function commitSubjects(
  identifiers: readonly string[],
  seal: SealIdentity,
  { random, pseudonyms }: Omit<CommitDependencies, 'identities'>,
): CommittedSubjects {
  const people = identifiers.map((identifier) => ({
    identifier,
    token: pseudonyms.indexToken(identifier),
    salt: random.bytes(SALT_BYTES),
    sealed: seal(identifier),
  }));
  return {
    subjects: people.map(entrySubject),
    people,
    beside: {
      subjectSalts: people.map(({ salt }) => salt.toString('hex')),
      subjectTokens: people.map(({ token }) => token),
      subjectSealed: people.map(({ sealed }) => sealed),
    },
  };
}
