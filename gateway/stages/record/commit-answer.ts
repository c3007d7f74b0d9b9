import { commitment } from '../../../monitoring/audit/commitment.js';
import type { EntryBody, EntryDraft } from '../../../monitoring/audit/entries.js';
import type { AuditLog } from '../../../monitoring/audit/port.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { ConsentClaim } from '../../../schemas/vocabulary.js';
import type { Receipt, Result } from '../../request.js';
import { appendOrRefuse } from '../append-or-refuse.js';
import { commitSubjects, type CommitDependencies } from '../commit-subjects.js';

export interface RecordDependencies extends CommitDependencies {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly policySet: string;
  readonly catalogue: string;
}

/** What an entry commits to: the result exactly as it will be sent, the people, and the consents that the answer relied on. */
export interface Commitments {
  readonly result: Result;
  readonly subjects: readonly string[];
  readonly claims?: readonly ConsentClaim[];
}

const SALT_BYTES = 32;

/** How the answer and the people stand in the entry. */
export interface Committed {
  readonly answer: string;
  readonly subjects: readonly string[];
}

/**
 * Appends the entry that must be in the log before the result leaves, and returns the receipt.
 * Throws `AUDIT_UNAVAILABLE` if it is not known that the entry is in the log; `ClaimsStale` passes through.
 */
export async function commitAnswer(
  { result, subjects, claims }: Commitments,
  dependencies: RecordDependencies,
  bodyFor: (committed: Committed) => EntryBody,
): Promise<Receipt> {
  const salt = dependencies.random.bytes(SALT_BYTES);
  const persons = commitSubjects(subjects, dependencies);
  const draft: EntryDraft = {
    body: bodyFor({ answer: commitment(salt, committedPart(result)), subjects: persons.commitments }),
    beside: { ...persons.beside, answerSalt: salt.toString('hex') },
  };
  const { log, index, leafHash } = await appendOrRefuse(dependencies.audit, draft, claims);
  return { log, index, leafHash, salt: salt.toString('hex') };
}

/** `{data, errors?}`: RFC 8785 has no undefined, so absent members must be absent. */
function committedPart({ data, errors }: Result): Result {
  return { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) };
}
