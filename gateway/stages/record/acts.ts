import { actEntry, type ActBody } from '../../../monitoring/audit/entries.js';
import type { Executed, Recorded, Result } from '../../request.js';
import type { ConsentAllowed, ConsentOutcome, ConsentWork } from '../plan/consents.js';
import type { HandleAllowed, HandleOutcome, HandleWork } from '../plan/handles.js';
import { commitAnswer, type RecordDependencies } from './commit-answer.js';

const CONSENT_ACTS = { give: 'consent_given', withdraw: 'consent_withdrawn', list: 'consents_listed' } as const;

/** Records what a citizen did with a consent. */
export function recordConsent(
  request: Executed<ConsentWork, ConsentAllowed, ConsentOutcome>,
  dependencies: RecordDependencies,
): Promise<Recorded> {
  const { consents } = request.outcome;
  const [changed] = request.work.act === 'list' ? [] : consents;
  return recordAct(
    request,
    {
      act: CONSENT_ACTS[request.work.act],
      policies: [],
      reference: changed ? `${changed.id}@${changed.revision}` : null,
      data: { consents },
    },
    dependencies,
  );
}

/** Records that a handle was issued; the handle itself is only in the answer. */
export function recordHandle(
  request: Executed<HandleWork, HandleAllowed, HandleOutcome>,
  dependencies: RecordDependencies,
): Promise<Recorded> {
  return recordAct(
    request,
    {
      act: 'handle_issued',
      policies: request.allowed.policies,
      reference: request.work.receiver,
      data: request.outcome,
    },
    dependencies,
  );
}

interface Act {
  readonly act: ActBody['act'];
  readonly policies: readonly string[];
  readonly reference: string | null;
  readonly data: unknown;
}

async function recordAct<W, A, R>(
  request: Executed<W, A, R>,
  { act, policies, reference, data }: Act,
  dependencies: RecordDependencies,
): Promise<Recorded> {
  const result: Result = { data };
  const receipt = await commitAnswer({ result, subjects: request.subjects }, dependencies, ({ answer, subjects }) =>
    actEntry({ request, at: dependencies.clock.now(), act, subjects, reference, policies, answer }),
  );
  return { requestId: request.requestId, result, receipt, refusal: undefined, report: undefined };
}
