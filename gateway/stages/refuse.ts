import {
  ENTRY_SCHEMA_VERSION,
  type CompletionBody,
  type EntryBody,
  type RefusalBody,
} from '../../monitoring/audit/entries.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { Refusal } from '../../schemas/refusal.js';
import { formatRefusal } from '../errors.js';
import {
  isAuthenticated,
  isAuthorized,
  isIntended,
  isPlanned,
  type Authenticated,
  type Reached,
  type Receipt,
  type Recorded,
  type Result,
} from '../request.js';
import { entryCaller } from './entry-caller.js';
import { commitAnswer, type RecordDependencies } from './record/commit-answer.js';

export interface RefuseDependencies extends RecordDependencies {
  readonly observer: Observer;
  /** Counts a refusal before authentication; resolves when its second's entry is committed. */
  readonly countUnauthenticated: (refusal: { readonly code: string; readonly source: string }) => Promise<void>;
}

/**
 * Records a refusal and makes its answer. An authenticated caller's refusal is an entry of its own
 * with a receipt; before authentication it is counted into one entry per second, code and source.
 * When even that cannot be written, the answer is `AUDIT_UNAVAILABLE` and says nothing else.
 */
export async function refuse(reached: Reached, refusal: Refusal, dependencies: RefuseDependencies): Promise<Recorded> {
  try {
    return await record(reached, refusal, dependencies);
  } catch (error) {
    dependencies.observer.log('error', 'refusal_not_recorded', { requestId: reached.requestId, code: refusal.code });
    return unrecorded(reached, new Refusal('AUDIT_UNAVAILABLE', { cause: error }));
  }
}

async function record(reached: Reached, refusal: Refusal, dependencies: RefuseDependencies): Promise<Recorded> {
  if (refusal.code === 'AUDIT_UNAVAILABLE') return unrecorded(reached, refusal);
  const result = resultOf(reached, refusal);
  const receipt = isAuthenticated(reached)
    ? await recordKnown(reached, refusal, result, dependencies)
    : await countUnknown(reached, refusal, dependencies);
  return { requestId: reached.requestId, result, receipt, refusal, report: undefined };
}

async function countUnknown(reached: Reached, refusal: Refusal, dependencies: RefuseDependencies): Promise<undefined> {
  dependencies.observer.count('tereze_unauthenticated_total', { code: refusal.code });
  await dependencies.countUnauthenticated({ code: refusal.code, source: reached.source });
}

function recordKnown(
  reached: Authenticated,
  refusal: Refusal,
  result: Result,
  dependencies: RefuseDependencies,
): Promise<Receipt> {
  const subjects = isAuthorized(reached) ? reached.subjects : [];
  return commitAnswer({ result, subjects }, dependencies, (committed) =>
    isIntended(reached)
      ? failedCompletion(reached, refusal, committed, dependencies)
      : refusalBody(reached, refusal, committed, dependencies),
  );
}

type Committed = { readonly answer: string; readonly subjects: readonly string[] };

function refusalBody(
  reached: Authenticated,
  refusal: Refusal,
  { answer, subjects }: Committed,
  { clock, policySet }: RefuseDependencies,
): RefusalBody {
  return {
    ...common(reached, clock.now()),
    kind: 'refusal',
    caller: entryCaller(reached.caller),
    code: refusal.code,
    reasons: refusal.reasons,
    subjects,
    categories: [],
    policySet,
    answer,
  };
}

/** An intent stands in the log already: its completion says that nothing was disclosed, and why. */
function failedCompletion(
  reached: Authenticated,
  refusal: Refusal,
  { answer, subjects }: Committed,
  { clock, policySet, catalogue }: RefuseDependencies,
): CompletionBody {
  return {
    ...common(reached, clock.now()),
    kind: 'completion',
    caller: entryCaller(reached.caller),
    outcome: 'failed',
    subjects,
    disclosed: [],
    withheld: [{ category: '*', code: refusal.code, count: 1 }],
    registers: [],
    policySet,
    catalogue,
    answer,
    durationMs: Math.round(clock.monotonic() - reached.startedAt),
  };
}

type CommonFields = Pick<EntryBody, 'schemaVersion' | 'requestId' | 'at'> &
  Omit<
    RefusalBody,
    | 'kind'
    | 'caller'
    | 'code'
    | 'reasons'
    | 'subjects'
    | 'categories'
    | 'policySet'
    | 'answer'
    | 'schemaVersion'
    | 'requestId'
    | 'at'
  >;

function common(reached: Authenticated, now: Date): CommonFields {
  const question = isPlanned(reached)
    ? reached.question
    : {
        surface: reached.surface,
        purpose: reached.purpose,
        case: reached.case ?? null,
        documentHash: null,
        documentName: null,
        operationName: null,
      };
  return { schemaVersion: ENTRY_SCHEMA_VERSION, requestId: reached.requestId, at: now.toISOString(), ...question };
}

function unrecorded(reached: Reached, refusal: Refusal): Recorded {
  return {
    requestId: reached.requestId,
    result: resultOf(reached, refusal),
    receipt: undefined,
    refusal,
    report: undefined,
  };
}

function resultOf(reached: Reached, refusal: Refusal): Result {
  return { errors: [formatRefusal(refusal, reached.requestId, reached.http.language)] };
}
