import { commitment } from '../../../monitoring/audit/commitment.js';
import type { EntryBody, EntryDraft, EntrySubject } from '../../../monitoring/audit/entries.js';
import type { Appended, AuditLog } from '../../../monitoring/audit/port.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { SealIdentity } from '../../../monitoring/identity/identity-sealing.js';
import type { ProofUse } from '../../../schemas/ports/proof-use.js';
import type { ConsentClaim } from '../../../schemas/vocabulary.js';
import type { Change, Receipt, Result } from '../../request.js';
import { appendOrRefuse, changeOrRefuse } from '../append-or-refuse.js';
import { commitSubjects, readyToSeal, type CommitDependencies, type CommittedPerson } from '../commit-subjects.js';

export interface RecordDependencies extends CommitDependencies {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly policySet: string;
  readonly catalogue: string;
  /** Digest of the configuration. */
  readonly configuration: string;
}

/** What an entry commits to: the result exactly as it will be sent, the people, and the consents that the answer relied on. */
export interface Commitments {
  readonly result: Result;
  readonly subjects: readonly string[];
  readonly claims?: readonly ConsentClaim[];
  /** The proof of the request, if it is used with this entry. */
  readonly use?: ProofUse | undefined;
}

const SALT_BYTES = 32;

/** How the answer and the people stand in the entry. */
export interface Committed {
  readonly answer: string;
  readonly subjects: readonly EntrySubject[];
  /** The same people with their salts, for commitments to facts about them. */
  readonly people: readonly CommittedPerson[];
}

/**
 * Appends the entry that must be in the log before the result leaves, and returns the receipt.
 * Throws `AUDIT_UNAVAILABLE` if it is not known that the entry is in the log; `ClaimsStale` and `ProofUsedBefore`
 * pass through.
 */
export async function commitAnswer(
  { result, subjects, claims, use }: Commitments,
  dependencies: RecordDependencies,
  bodyFor: (committed: Committed) => EntryBody,
): Promise<Receipt> {
  const seal = await readyToSeal(dependencies);
  const { draft, salt } = committing({ result, subjects, seal }, dependencies, bodyFor);
  return receiptOf(await appendOrRefuse(dependencies.audit, draft, { claims, use }), salt);
}

/** A change of the state, and the answer that says what it resulted in. */
export interface AnsweredChange<Changed> {
  readonly requestId: string;
  readonly subjects: readonly string[];
  readonly apply: Change<Changed>;
  readonly resultOf: (changed: Changed) => Result;
  readonly bodyFor: (changed: Changed, committed: Committed) => EntryBody;
}

/**
 * Makes a change of the state and appends its entry in one transaction, and resolves with what changed,
 * the answer and its receipt. Throws `AUDIT_UNAVAILABLE` like {@link commitAnswer}, with the reason
 * `outcome_unknown` if both may be done; what the change throws passes through, and nothing was done.
 */
export async function commitChange<Changed>(
  { requestId, subjects, apply, resultOf, bodyFor }: AnsweredChange<Changed>,
  dependencies: RecordDependencies,
): Promise<{ readonly changed: Changed; readonly result: Result; readonly receipt: Receipt }> {
  // Before the transaction: what it may wait for needs a connection of its own.
  const seal = await readyToSeal(dependencies);
  const committed = await changeOrRefuse(dependencies.audit, {
    requestId,
    apply: async (tx) => {
      const changed = await apply(tx);
      const result = resultOf(changed);
      const { draft, salt } = committing({ result, subjects, seal }, dependencies, (parts) => bodyFor(changed, parts));
      return { changed, result, draft, salt };
    },
    entry: ({ draft }) => draft,
  });
  const { changed, result, salt } = committed.result;
  return { changed, result, receipt: receiptOf(committed, salt) };
}

function committing(
  { result, subjects, seal }: Pick<Commitments, 'result' | 'subjects'> & { readonly seal: SealIdentity },
  dependencies: RecordDependencies,
  bodyFor: (committed: Committed) => EntryBody,
): { readonly draft: EntryDraft; readonly salt: Buffer } {
  const salt = dependencies.random.bytes(SALT_BYTES);
  const persons = commitSubjects(subjects, seal, dependencies);
  const { subjects: committed, people } = persons;
  const body = bodyFor({ answer: commitment(salt, committedPart(result)), subjects: committed, people });
  return { draft: { body, beside: { ...persons.beside, answerSalt: salt.toString('hex') } }, salt };
}

function receiptOf({ log, publicLog = log, index, leafHash, durability, anchor }: Appended, salt: Buffer): Receipt {
  return {
    log: publicLog,
    index,
    leafHash,
    salt: salt.toString('hex'),
    ...(durability === undefined ? {} : { durability }),
    ...(anchor === undefined ? {} : { anchor }),
  };
}

/** `{data, errors?}`: RFC 8785 has no undefined, so absent members must be absent. */
function committedPart({ data, errors }: Result): Result {
  return { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) };
}
