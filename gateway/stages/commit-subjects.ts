import { entrySubject, type EntryDraft, type EntrySubject } from '../../monitoring/audit/entries.js';
import type { IndexTokens } from '../../schemas/ports/pseudonyms.js';
import type { Random } from '../../schemas/ports/random.js';

const SALT_BYTES = 16;

export interface CommitDependencies {
  readonly random: Random;
  readonly pseudonyms: Pick<IndexTokens, 'indexToken'>;
}

/** People in an entry: salted commitments in the hashed body, salts and index tokens beside it. */
export interface CommittedSubjects {
  readonly subjects: readonly EntrySubject[];
  readonly beside: Required<Pick<EntryDraft['beside'], 'subjectSalts' | 'subjectTokens'>>;
}

/** Returns commitments to people, those to one person under a salt of their own. */
export function commitSubjects(
  identifiers: readonly string[],
  { random, pseudonyms }: CommitDependencies,
): CommittedSubjects {
  const people = identifiers.map((identifier) => ({
    identifier,
    token: pseudonyms.indexToken(identifier),
    salt: random.bytes(SALT_BYTES),
  }));
  return {
    subjects: people.map(entrySubject),
    beside: {
      subjectSalts: people.map(({ salt }) => salt.toString('hex')),
      subjectTokens: people.map(({ token }) => token),
    },
  };
}
