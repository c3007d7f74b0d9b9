import {
  ENTRY_SCHEMA_VERSION,
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
import { entryCaller } from '../entry-caller.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from '../plan/graphql.js';
import { commitAnswer, type RecordDependencies } from './commit-answer.js';
import { reportOf } from './report.js';

type Request = Executed<QuestionWork, QuestionAllowed, QuestionOutcome>;

export interface RecordQuestionDependencies extends RecordDependencies {
  readonly contractVersion: (register: string) => string;
}

/**
 * The completion entry. It commits only if every consent revision that the answer relied on is
 * still current, in the same transaction: nothing is disclosed after a withdrawal.
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
  const commitments = { result, subjects: askedAbout(request), claims: outcome.claims };
  const told = {
    outcome: 'answered',
    disclosed: outcome.disclosures.map(entryDisclosure),
    withheld: countWithheld(outcome),
  } as const;
  const receipt = await commitAnswer(commitments, dependencies, (committed) =>
    completion(request, committed, told, dependencies),
  );
  return {
    requestId,
    result,
    receipt,
    refusal: undefined,
    report: reportOf(outcome, request.work.planned, dependencies.contractVersion),
  };
}

/** A consent ended while registers answered: nothing is disclosed, and the log still says who was asked about. */
async function recordWithdrawn(request: Request, dependencies: RecordQuestionDependencies): Promise<Recorded> {
  const { requestId } = request;
  const refusal = new Refusal('CONSENT_WITHDRAWN', { reasons: ['during_request'] });
  const result: Result = { errors: [formatRefusal(refusal, requestId, request.http.language)] };
  const told = {
    outcome: 'failed',
    disclosed: [],
    withheld: [{ category: '*', code: refusal.code, count: 1 }],
  } as const;
  const receipt = await commitAnswer({ result, subjects: askedAbout(request) }, dependencies, (committed) =>
    completion(request, committed, told, dependencies),
  );
  return { requestId, result, receipt, refusal, report: undefined };
}

const askedAbout = ({ outcome }: Request): readonly string[] => outcome.subjects.map(({ id }) => id);

function completion(
  request: Request,
  committed: { readonly answer: string; readonly subjects: readonly string[] },
  told: Pick<CompletionBody, 'outcome' | 'disclosed' | 'withheld'>,
  { clock, policySet, catalogue, contractVersion }: RecordQuestionDependencies,
): CompletionBody {
  const { outcome } = request;
  return {
    schemaVersion: ENTRY_SCHEMA_VERSION,
    kind: 'completion',
    requestId: request.requestId,
    at: clock.now().toISOString(),
    ...request.question,
    caller: entryCaller(request.caller),
    ...told,
    subjects: committed.subjects,
    ...(outcome.protectedSubjects === 0 ? {} : { protected: outcome.protectedSubjects }),
    registers: outcome.registers.map((use) => entryRegister(use, outcome, contractVersion)),
    policySet,
    catalogue,
    answer: committed.answer,
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
    outcome: failure === null ? 'answered' : 'failed',
    failure,
    durationMs: Math.round(durationMs),
    receivedBeyondGrant,
    contract: contractVersion(register),
    verdicts,
  };
}
