import { commitment } from '../../../monitoring/audit/commitment.js';
import type { EntryBody, EntryDraft } from '../../../monitoring/audit/entries.js';
import { AuditUnavailable, type AuditLog } from '../../../monitoring/audit/port.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { ConsentClaim } from '../../../schemas/vocabulary.js';
import type { Receipt, Result } from '../../request.js';
import { commitSubjects, type CommitDependencies } from '../commit-subjects.js';

export interface RecordDependencies extends CommitDependencies {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly policySet: string;
  readonly catalogue: string;
}

/** What is to be committed to: the result exactly as it will be sent, the persons, and the consents relied on. */
export interface Commitments {
  readonly result: Result;
  readonly subjects: readonly string[];
  readonly claims?: readonly ConsentClaim[];
}

const SALT_BYTES = 32;

/**
 * Appends the entry that must be in the log before the result leaves, and makes the receipt.
 * Throws `AUDIT_UNAVAILABLE` when it is not known to be there; `ClaimsStale` passes through.
 */
export async function commitAnswer(
  { result, subjects, claims }: Commitments,
  dependencies: RecordDependencies,
  bodyFor: (committed: { readonly answer: string; readonly subjects: readonly string[] }) => EntryBody,
): Promise<Receipt> {
  const salt = dependencies.random.bytes(SALT_BYTES);
  const persons = commitSubjects(subjects, dependencies);
  const draft: EntryDraft = {
    body: bodyFor({ answer: commitment(salt, committedPart(result)), subjects: persons.commitments }),
    beside: { ...persons.beside, answerSalt: salt.toString('hex') },
  };
  const { log, index, leafHash } = await append(dependencies.audit, draft, claims);
  return { log, index, leafHash, salt: salt.toString('hex') };
}

/** `{data, errors?}`: RFC 8785 has no undefined, so absent members must be absent. */
function committedPart({ data, errors }: Result): Result {
  return { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) };
}

async function append(
  audit: AuditLog,
  draft: EntryDraft,
  claims: readonly ConsentClaim[] | undefined,
): ReturnType<AuditLog['append']> {
  try {
    return await audit.append(draft, claims && claims.length > 0 ? { claims } : {});
  } catch (error) {
    if (error instanceof AuditUnavailable) throw new Refusal('AUDIT_UNAVAILABLE', { cause: error });
    throw error;
  }
}
