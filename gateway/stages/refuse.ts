import {
  failedCompletionEntry,
  refusalEntry,
  type EntryBody,
  type EntryQuestion,
} from '../../monitoring/audit/entries.js';
import type { CountedRefusal } from '../../monitoring/audit/open-audit.js';
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
import { commitAnswer, type Committed, type RecordDependencies } from './record/commit-answer.js';

export interface RefuseDependencies extends RecordDependencies {
  readonly observer: Observer;
  /** Counts a refusal that is answered at once. */
  readonly countRefusal: (refusal: CountedRefusal) => void;
}

/**
 * Records a refusal and returns its answer. The refusal of an authenticated caller is an entry of its
 * own with a receipt. If the log cannot be written, the answer is `AUDIT_UNAVAILABLE` and says nothing else.
 *
 * A refusal before authentication, or of a caller beyond its rate, is answered at once: it waits for no
 * entry and holds nothing scarce. It is counted in one entry per second, code, source and known caller.
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
  const receipt = isCounted(reached, refusal)
    ? count(reached, refusal, dependencies)
    : await recordKnown(reached, refusal, result, dependencies);
  return { requestId: reached.requestId, result, receipt, refusal, report: undefined };
}

/** Returns whether a refusal has no entry of its own. */
function isCounted(reached: Reached, { code }: Refusal): reached is Exclude<Reached, Authenticated> {
  return !isAuthenticated(reached) || code === 'RATE_LIMITED';
}

function count(reached: Reached, { code }: Refusal, { observer, countRefusal }: RefuseDependencies): undefined {
  const { source } = reached;
  if (!isAuthenticated(reached)) {
    observer.count('tereze_unauthenticated_total', { code });
    countRefusal({ code, source });
    return;
  }
  const { agency, system } = reached.caller;
  countRefusal({ code, source, agency: agency?.id, system });
}

function recordKnown(
  reached: Authenticated,
  refusal: Refusal,
  result: Result,
  dependencies: RefuseDependencies,
): Promise<Receipt> {
  const subjects = isAuthorized(reached) ? reached.subjects : [];
  return commitAnswer({ result, subjects }, dependencies, (committed) =>
    entryOf(reached, refusal, committed, dependencies),
  );
}

/** Returns a refusal's entry; if the intent is in the log already, its completion. */
function entryOf(
  reached: Authenticated,
  { code, reasons }: Refusal,
  { answer, subjects }: Committed,
  { clock, policySet, catalogue }: RefuseDependencies,
): EntryBody {
  const { requestId, caller } = reached;
  const request = { requestId, caller, question: isPlanned(reached) ? reached.question : unplannedQuestion(reached) };
  const at = clock.now();
  if (!isIntended(reached))
    return refusalEntry({ request, at, code, reasons, subjects, categories: [], policySet, answer });
  const durationMs = Math.round(clock.monotonic() - reached.startedAt);
  return failedCompletionEntry({
    request,
    at,
    code,
    subjects,
    disclosed: [],
    registers: [],
    policySet,
    catalogue,
    answer,
    durationMs,
  });
}

function unplannedQuestion({ surface, purpose, case: matter }: Authenticated): EntryQuestion {
  return { surface, purpose, case: matter ?? null, documentHash: null, documentName: null, operationName: null };
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
