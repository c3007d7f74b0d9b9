import {
  completionEntry,
  failedCompletionEntry,
  type CompletionBody,
  type EntryDisclosure,
  type EntryRegister,
} from '../../../monitoring/audit/entries.js';
import { ClaimsStale } from '../../../monitoring/audit/port.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Verdict } from '../../../schemas/vocabulary.js';
import type { ExecutionOutcome } from '../../execution/port.js';
import type { Executed, Recorded, Result } from '../../request.js';
import { formatRefusal } from '../../errors.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from '../plan/graphql.js';
import { commitAnswer, type Committed, type RecordDependencies } from './commit-answer.js';
import { reportOf } from './report.js';

type Request = Executed<QuestionWork, QuestionAllowed, QuestionOutcome>;

export interface RecordQuestionDependencies extends RecordDependencies {
  readonly contractVersion: (register: string) => string;
}

/**
 * Writes the completion entry. It commits only if every consent revision that the answer relied on is
 * still current, in the same transaction, so nothing is disclosed after a withdrawal.
 */
export async function recordQuestion(request: Request, dependencies: RecordQuestionDependencies): Promise<Recorded> {
  try {
    return await recordAnswered(request, dependencies);
  } catch (error) {
    if (error instanceof ClaimsStale) return recordWithdrawn(request, dependencies);
    throw error;
  }
}

async function recordAnswered(request: Request, dependencies: RecordQuestionDependencies): Promise<Recorded> {
  const { outcome, requestId } = request;
  const result: Result = { data: outcome.data, ...(outcome.errors.length > 0 ? { errors: outcome.errors } : {}) };
  const commitments = { result, subjects: subjectsOf(request), claims: outcome.claims };
  const receipt = await commitAnswer(commitments, dependencies, (committed) =>
    completionEntry({
      ...endingOf(request, committed, dependencies),
      outcome: 'answered',
      disclosed: outcome.disclosures.map(entryDisclosure),
      withheld: countWithheld(outcome),
    }),
  );
  return {
    requestId,
    result,
    receipt,
    refusal: undefined,
    report: reportOf(outcome, request.work.planned, dependencies.contractVersion),
  };
}

/**
 * A consent ended while registers answered: nothing is disclosed, and the entry still states which
 * people were asked about.
 */
async function recordWithdrawn(request: Request, dependencies: RecordQuestionDependencies): Promise<Recorded> {
  const { requestId } = request;
  const refusal = new Refusal('CONSENT_WITHDRAWN', { reasons: ['during_request'] });
  const result: Result = { errors: [formatRefusal(refusal, requestId, request.http.language)] };
  const receipt = await commitAnswer({ result, subjects: subjectsOf(request) }, dependencies, (committed) =>
    failedCompletionEntry({ ...endingOf(request, committed, dependencies), disclosed: [], code: refusal.code }),
  );
  return { requestId, result, receipt, refusal, report: undefined };
}

const subjectsOf = ({ outcome }: Request): readonly string[] => outcome.subjects.map(({ id }) => id);

/** Returns what a completion states however the request ended. */
function endingOf(
  request: Request,
  { answer, subjects }: Committed,
  { clock, policySet, catalogue, contractVersion }: RecordQuestionDependencies,
) {
  const { outcome } = request;
  return {
    request,
    at: clock.now(),
    subjects,
    protected: outcome.protectedSubjects,
    registers: outcome.registers.map((use) => entryRegister(use, outcome, contractVersion)),
    policySet,
    catalogue,
    answer,
    durationMs: Math.round(clock.monotonic() - request.startedAt),
  };
}

function entryDisclosure({
  category,
  access,
  grant,
  subjects,
}: ExecutionOutcome['disclosures'][number]): EntryDisclosure {
  return {
    category,
    access,
    basis: grant.basis,
    nexus: grant.nexus ?? null,
    policies: grant.policies,
    consents: grant.claim ? [`${grant.claim.consentId}@${grant.claim.revision}`] : [],
    subjects,
  };
}

function countWithheld({ withheld }: ExecutionOutcome): CompletionBody['withheld'] {
  const counted = new Map<string, { category: string; code: string; count: number }>();
  for (const { category, code } of withheld) {
    const key = `${category} ${code}`;
    counted.set(key, { category, code, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  return [...counted.values()];
}

function entryRegister(
  { register, calls, failure, durationMs, receivedBeyondGrant }: ExecutionOutcome['registers'][number],
  { records }: ExecutionOutcome,
  contractVersion: (register: string) => string,
): EntryRegister {
  const verdicts: Partial<Record<Verdict, number>> = {};
  for (const record of records) {
    if (record.register === register) verdicts[record.verdict] = (verdicts[record.verdict] ?? 0) + 1;
  }
  return {
    register,
    calls,
    callIds: [],
    outcome: failure === null ? 'answered' : 'failed',
    failure,
    durationMs: Math.round(durationMs),
    receivedBeyondGrant,
    contract: contractVersion(register),
    verdicts,
  };
}
