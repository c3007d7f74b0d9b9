import {
  completionEntry,
  failedCompletionEntry,
  type CompletionBody,
  type EntryRegister,
} from '../../../monitoring/audit/entries.js';
import { ClaimsStale } from '../../../monitoring/audit/port.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Verdict } from '../../../schemas/vocabulary.js';
import type { ExecutionOutcome } from '../../execution/port.js';
import type { Executed, Receipt, Recorded, Result } from '../../request.js';
import { formatRefusal } from '../../errors.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from '../plan/graphql.js';
import { doneOf, peopleOf, proveDisclosures, type DoneDependencies } from '../done.js';
import { peopleThatFit } from '../people-that-fit.js';
import { commitAnswer, type Commitments, type RecordDependencies } from './commit-answer.js';
import { reportOf } from './report.js';

type Request = Executed<QuestionWork, QuestionAllowed, QuestionOutcome>;

export type RecordQuestionDependencies = RecordDependencies & DoneDependencies;

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
  const { outcome, requestId, access, proofEnd } = request;
  access.end();
  const result: Result = { data: outcome.data, ...(outcome.errors.length > 0 ? { errors: outcome.errors } : {}) };
  const ending = completionEntry({
    ...endingOf(request, undefined, dependencies),
    outcome: 'answered',
    withheld: countWithheld(outcome),
  });
  const receipt = await commitWithPeople({ result, claims: access.claims }, access, ending, dependencies);
  return {
    requestId,
    proofEnd,
    result,
    receipt,
    refusal: undefined,
    report: reportOf(request, dependencies),
  };
}

/**
 * A consent ended while registers answered: nothing is disclosed, and the entry still states which
 * people were asked about.
 */
async function recordWithdrawn(request: Request, dependencies: RecordQuestionDependencies): Promise<Recorded> {
  const { requestId, access, proofEnd } = request;
  access.discloseNothing();
  const refusal = new Refusal('CONSENT_WITHDRAWN', { reasons: ['during_request'] });
  const result: Result = { errors: [formatRefusal(refusal, requestId, request.http.language)] };
  const ending = failedCompletionEntry({ ...endingOf(request, refusal.code, dependencies), code: refusal.code });
  const receipt = await commitWithPeople({ result }, access, ending, dependencies);
  return { requestId, proofEnd, result, receipt, refusal, report: undefined };
}

/**
 * Commits an answer with the people of the request. The ceiling of the purpose leaves room in the entry for everyone
 * that the answer names. Of those that only a register named, who do not count towards it, there are as many as fit.
 */
async function commitWithPeople(
  commitments: Omit<Commitments, 'subjects'>,
  access: Request['access'],
  ending: CompletionBody,
  dependencies: RecordQuestionDependencies,
): Promise<Receipt> {
  const people = peopleOf(access);
  const { hidden } = access;
  const fits = hidden === 0 ? people.length : peopleThatFit(people.length, ending);
  const subjects = people.slice(0, Math.max(fits, people.length - hidden));
  const more = people.length - subjects.length;
  return commitAnswer({ ...commitments, subjects }, dependencies, ({ people: named, ...committed }) => ({
    ...ending,
    ...committed,
    ...(more === 0 ? {} : { moreSubjects: more }),
    disclosed: proveDisclosures(ending.disclosed, access, named),
  }));
}

/** Returns what a completion states however the request ended, still without its people, evidence about them and the answer. */
function endingOf(request: Request, code: string | undefined, dependencies: RecordQuestionDependencies) {
  const { clock, policySet, catalogue, configuration } = dependencies;
  const verdictsOf = (register: string): EntryRegister['verdicts'] => countVerdicts(register, request.outcome);
  return {
    request,
    at: clock.now(),
    subjects: [],
    ...doneOf(request.access, { code, verdictsOf }, dependencies),
    policySet,
    catalogue,
    configuration,
    answer: null,
    durationMs: Math.round(clock.monotonic() - request.startedAt),
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

function countVerdicts(register: string, { records }: ExecutionOutcome): EntryRegister['verdicts'] {
  const verdicts: Partial<Record<Verdict, number>> = {};
  for (const record of records) {
    if (record.register === register) verdicts[record.verdict] = (verdicts[record.verdict] ?? 0) + 1;
  }
  return verdicts;
}
