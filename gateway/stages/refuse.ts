import {
  failedCompletionEntry,
  refusalEntry,
  type CompletionBody,
  type EntryBody,
  type EntryQuestion,
} from '../../monitoring/audit/entries.js';
import type { CountedRefusal } from '../../monitoring/audit/open-audit.js';
import type { Handles } from '../../policies/disclosure/port.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Admission } from '../admission/admission.js';
import { BeyondRate } from '../admission/beyond-rate.js';
import { useAlone, type ReplayStore } from '../auth/replay.js';
import { formatRefusal } from '../errors.js';
import {
  isAuthenticated,
  isPlanned,
  type Authenticated,
  type Planned,
  type Reached,
  type Receipt,
  type Recorded,
  type Result,
} from '../request.js';
import { ProofEnd, ProofReplayed } from '../request-proof.js';
import { AnchorOverdue } from './authorize/anchored.js';
import { caseNames } from './plan/check-case.js';
import { peopleThatFit } from './people-that-fit.js';
import { refusedPeople, type RefusedPeople } from './named-people.js';
import { doneOf, peopleOf, proveDisclosures, type DoneDependencies } from './done.js';
import { commitAnswer, type Commitments, type Committed, type RecordDependencies } from './record/commit-answer.js';

export interface RefuseDependencies extends RecordDependencies, DoneDependencies {
  readonly observer: Observer;
  /** Counts a refusal that is answered at once. */
  readonly countRefusal: (refusal: CountedRefusal) => void;
  readonly handles: Pick<Handles, 'people'>;
  readonly admission: Pick<Admission, 'chargeRefusal'>;
  /** Notes the proof of a request that gets no entry of its own. */
  readonly replay: Pick<ReplayStore, 'use'>;
}

/**
 * Records a refusal and returns its answer. The refusal of an authenticated caller is an entry of its
 * own with a receipt, which can be found by each person that the request named. If the log cannot be
 * written, the answer is `AUDIT_UNAVAILABLE` and says nothing else.
 *
 * A refusal before authentication, or of a caller beyond its rate, is answered at once: it waits for no
 * entry and holds nothing scarce. It is counted in one entry per second, code, source and known caller.
 *
 * The proof of an authenticated caller is used with the entry of the refusal, or before a refusal is counted. If it had
 * been used before, the answer says that instead, and nothing else.
 */
export async function refuse(reached: Reached, refusal: Refusal, dependencies: RefuseDependencies): Promise<Recorded> {
  try {
    return await record(reached, refusal, dependencies);
  } catch (error) {
    if (error instanceof ProofReplayed) return countUnknown(reached, error, dependencies);
    dependencies.observer.log('error', 'refusal_not_recorded', { requestId: reached.requestId, code: refusal.code });
    return unrecorded(reached, new Refusal('AUDIT_UNAVAILABLE', { cause: error }));
  }
}

async function record(reached: Reached, refusal: Refusal, dependencies: RefuseDependencies): Promise<Recorded> {
  if (refusal.code === 'AUDIT_UNAVAILABLE' && !(refusal instanceof AnchorOverdue)) return unrecorded(reached, refusal);
  if (refusal instanceof BeyondRate) return countBeyondRate(reached, refusal, dependencies);
  if (refusal instanceof ProofReplayed || !isAuthenticated(reached))
    return countUnknown(reached, refusal, dependencies);
  const result = resultOf(reached, refusal);
  const { result: receipt, proof } = await reached.proof.spend((use) =>
    recordKnown(reached, refusal, { result, use }, dependencies),
  );
  return { ...endOf(reached, refusal, proof), receipt };
}

/** Counts a refusal whose caller has proven nothing: also one whose proof was used before. */
function countUnknown(
  reached: Reached,
  refusal: Refusal,
  { observer, countRefusal }: Pick<RefuseDependencies, 'observer' | 'countRefusal'>,
): Recorded {
  const { code } = refusal;
  // The connection passed for that of a known caller until the proof was looked up.
  if (isAuthenticated(reached)) reached.connection.slowDown();
  observer.count('tereze_unauthenticated_total', { code });
  countRefusal({ code, source: reached.source });
  return { ...endOf(reached, refusal, ProofEnd.none), isUnknown: true };
}

async function countBeyondRate(
  reached: Reached,
  refusal: BeyondRate,
  { countRefusal, replay }: Pick<RefuseDependencies, 'countRefusal' | 'replay'>,
): Promise<Recorded> {
  // Before its proof is verified, a caller beyond its rate is refused without a look at it.
  const proof = isAuthenticated(reached) ? await useAlone(reached.proof, replay) : ProofEnd.none;
  reached.connection.slowDown();
  const { agency, system } = refusal.caller;
  countRefusal({ code: refusal.code, source: reached.source, agency: agency?.id, system });
  return endOf(reached, refusal, proof);
}

/**
 * How long an ending waits for calls that are being broken off, in milliseconds. Then it is known whether they were
 * sent. A call that takes longer is recorded as broken off.
 */
const SETTLE_MS = 100;

/** What the entry of a refusal commits to, and the proof that is used with it. */
type RefusalCommitment = Pick<Commitments, 'result' | 'use'>;

async function recordKnown(
  reached: Authenticated,
  refusal: Refusal,
  committed: RefusalCommitment,
  dependencies: RefuseDependencies,
): Promise<Receipt> {
  if (isPlanned(reached) && reached.access.intended) return recordIntended(reached, refusal, committed, dependencies);
  const refused = await refusedPeople(reached, dependencies.handles);
  const receipt = await commitAnswer({ ...committed, subjects: refused.identifiers }, dependencies, (parts) =>
    refusalOf(reached, refusal, { ...parts, refused }, dependencies),
  );
  charge(reached, refusal, refused.identifiers.length, dependencies);
  return receipt;
}

/** Counts a request once more, or more often, that is refused for a fault of its caller. */
function charge(
  { caller }: Authenticated,
  refusal: Refusal,
  people: number,
  { admission }: Pick<RefuseDependencies, 'admission'>,
): void {
  if (refusal.actor === 'caller') admission.chargeRefusal(caller, people);
}

/** Records how a request ended whose intent is in the log: with everything that was done for it until now. */
async function recordIntended(
  reached: Planned<unknown>,
  refusal: Refusal,
  committed: RefusalCommitment,
  dependencies: RefuseDependencies,
): Promise<Receipt> {
  const { access } = reached;
  access.end();
  access.discloseNothing();
  await access.settled(SETTLE_MS);
  const people = peopleOf(access);
  const completion = completionOf(reached, refusal, dependencies);
  const fits = peopleThatFit(people.length, completion);
  charge(reached, refusal, fits, dependencies);
  return commitAnswer(
    { ...committed, subjects: people.slice(0, fits) },
    dependencies,
    ({ answer, subjects, people: named }) => ({
      ...completion,
      disclosed: proveDisclosures(completion.disclosed, access, named),
      answer,
      subjects,
      ...(fits < people.length ? { moreSubjects: people.length - fits } : {}),
    }),
  );
}

/** Returns the entry of a refusal before the intent: the people that the request named, what was missing, and why. */
function refusalOf(
  reached: Authenticated,
  { code, loggedReasons, categories }: Refusal,
  { answer, subjects, refused }: Committed & { readonly refused: RefusedPeople },
  { clock, policySet, configuration }: RefuseDependencies,
): EntryBody {
  const { requestId, caller, token, at } = reached;
  return refusalEntry({
    request: { requestId, caller, token, at, question: questionOf(reached, refused.identifiers) },
    at: clock.now(),
    code,
    reasons: refused.more ? [...loggedReasons, MORE_PEOPLE] : loggedReasons,
    subjects,
    categories,
    policySet,
    configuration,
    answer,
  });
}

/** The reason that says that the request named more people than its entry. */
const MORE_PEOPLE = 'more_people';

/** Returns the completion of a request whose intent is in the log, still without its people, evidence about them and the answer. */
function completionOf(reached: Planned<unknown>, { code }: Refusal, dependencies: RefuseDependencies): CompletionBody {
  const { clock, policySet, catalogue, configuration } = dependencies;
  const durationMs = Math.round(clock.monotonic() - reached.startedAt);
  return failedCompletionEntry({
    request: reached,
    at: clock.now(),
    code,
    subjects: [],
    ...doneOf(reached.access, { code }, dependencies),
    policySet,
    catalogue,
    configuration,
    answer: null,
    durationMs,
  });
}

/** Returns what the request asked, and what was found of its case. A case that holds the number of one of these people is left out. */
function questionOf(reached: Authenticated, people: readonly string[]): EntryQuestion {
  const { surface, purpose, case: matter, access } = reached;
  const question = isPlanned(reached)
    ? reached.question
    : { surface, purpose, case: matter ?? null, documentHash: null, documentName: null, operationName: null };
  if (question.case === null) return question;
  return { ...question, case: caseNames(question.case, people) ? null : { ...question.case, ...access.caseFound } };
}

function unrecorded(reached: Reached, refusal: Refusal): Recorded {
  return endOf(reached, refusal, ProofEnd.notWritten);
}

/** Returns the answer of a refusal, without a receipt. */
function endOf(reached: Reached, refusal: Refusal, proofEnd: ProofEnd): Recorded {
  const result = resultOf(reached, refusal);
  return { requestId: reached.requestId, proofEnd, result, receipt: undefined, refusal, report: undefined };
}

function resultOf(reached: Reached, refusal: Refusal): Result {
  return { errors: [formatRefusal(refusal, reached.requestId, reached.http.language)] };
}
