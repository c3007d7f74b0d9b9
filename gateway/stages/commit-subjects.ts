import { commitment } from '../../monitoring/audit/commitment.js';
import type { EntryDraft } from '../../monitoring/audit/entries.js';
import type { Pseudonyms } from '../../schemas/ports/pseudonyms.js';
import type { Random } from '../../schemas/ports/random.js';

const SALT_BYTES = 16;

export interface CommitDependencies {
  readonly random: Random;
  readonly pseudonyms: Pseudonyms;
}

/** People in an entry: salted commitments in the hashed body, salts and index tokens beside it. */
export interface CommittedSubjects {
  readonly commitments: readonly string[];
  readonly beside: Required<Pick<EntryDraft['beside'], 'subjectSalts' | 'subjectTokens'>>;
}

/** Returns commitments to identifiers, each with its own salt. */
export function commitSubjects(
  identifiers: readonly string[],
  { random, pseudonyms }: CommitDependencies,
): CommittedSubjects {
  const salts = identifiers.map(() => random.bytes(SALT_BYTES));
  return {
    commitments: identifiers.map((identifier, position) =>
      commitment(salts[position] ?? random.bytes(SALT_BYTES), identifier),
    ),
    beside: {
      subjectSalts: salts.map((salt) => salt.toString('hex')),
      subjectTokens: identifiers.map((identifier) => pseudonyms.token(identifier)),
    },
  };
}
