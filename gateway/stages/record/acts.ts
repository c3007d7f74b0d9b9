import { actEntry, type ActBody } from '../../../monitoring/audit/entries.js';
import type { ChangedConsent, ConsentPage } from '../../../policies/consent/port.js';
import type { NexusKind } from '../../../schemas/vocabulary.js';
import type { Change, Executed, Recorded, Result } from '../../request.js';
import type { FenceDependencies } from '../execute/may-give.js';
import type { ConsentAllowed, ConsentOutcome, ConsentWork } from '../plan/consents.js';
import { entryNexus } from '../entry-nexus.js';
import type { HandleAllowed, HandleOutcome, HandleWork } from '../plan/handles.js';
import { commitAnswer, commitChange, type RecordDependencies } from './commit-answer.js';

export type RecordActDependencies = RecordDependencies & FenceDependencies;

const CONSENT_ACTS = {
  give: 'consent_given',
  withdraw: 'consent_withdrawn',
  confirm: 'consent_confirmed',
  list: 'consents_listed',
} as const;

/**
 * Makes the change of a consent in the transaction of its entry, or records that the citizen saw the own
 * consents. A restriction is fenced before it is answered.
 */
export async function recordConsent(
  request: Executed<ConsentWork, ConsentAllowed, ConsentOutcome>,
  dependencies: RecordActDependencies,
): Promise<Recorded> {
  const { outcome } = request;
  const act = CONSENT_ACTS[request.work.act];
  if ('page' in outcome) return recordListed(request, act, outcome.page, dependencies);
  const { changed, recorded } = await recordChange(
    request,
    outcome.change,
    ({ record }) => ({ act, policies: [], reference: `${record.id}@${record.revision}`, data: { consents: [record] } }),
    dependencies,
  );
  return withFence(recorded, changed, dependencies);
}

/** Waits until the restriction is kept outside the database, and says whether it is. */
async function withFence(
  recorded: Recorded,
  { restriction }: ChangedConsent,
  { fence }: FenceDependencies,
): Promise<Recorded> {
  if (restriction === undefined || fence === undefined) return recorded;
  const { fenced } = await fence.fence(restriction);
  return { ...recorded, fenced };
}

/** Issues the handle in the transaction of its entry; the handle itself is only in the answer. */
export async function recordHandle(
  request: Executed<HandleWork, HandleAllowed, HandleOutcome>,
  dependencies: RecordDependencies,
): Promise<Recorded> {
  const { policies, nexus } = request.allowed;
  const { recorded } = await recordChange(
    request,
    request.outcome.change,
    (handle) => ({ act: 'handle_issued', policies, nexus, reference: request.work.receiver, data: handle }),
    dependencies,
  );
  return recorded;
}

/** What the entry and the answer say of an act. */
interface Act {
  readonly act: ActBody['act'];
  readonly policies: readonly string[];
  /** What ties the person of the act to the case. */
  readonly nexus?: NexusKind;
  readonly reference: string | null;
  readonly data: unknown;
}

async function recordListed<W, A, R>(
  request: Executed<W, A, R>,
  act: ActBody['act'],
  { consents, next }: ConsentPage,
  dependencies: RecordDependencies,
): Promise<Recorded> {
  const result: Result = { data: { consents, ...(next === undefined ? {} : { next }) } };
  const receipt = await commitAnswer({ result, subjects: request.subjects }, dependencies, ({ answer, subjects }) =>
    actEntry({ request, at: dependencies.clock.now(), act, subjects, reference: null, policies: [], answer }),
  );
  const { requestId, proofEnd } = request;
  return { requestId, proofEnd, result, receipt, refusal: undefined, report: undefined };
}

async function recordChange<W, A, R, Changed>(
  request: Executed<W, A, R>,
  change: Change<Changed>,
  actOf: (changed: Changed) => Act,
  dependencies: RecordDependencies,
): Promise<{ readonly changed: Changed; readonly recorded: Recorded }> {
  const { requestId, proofEnd } = request;
  const { changed, result, receipt } = await commitChange(
    {
      requestId,
      subjects: request.subjects,
      apply: change,
      resultOf: (made) => ({ data: actOf(made).data }),
      bodyFor: (made, { answer, subjects, people }) => {
        const { act, policies, nexus: kind, reference } = actOf(made);
        const nexus = kind === undefined ? {} : { nexus: entryNexus(request.access, people)(kind, 0) };
        return actEntry({
          request,
          at: dependencies.clock.now(),
          act,
          subjects,
          reference,
          policies,
          ...nexus,
          answer,
        });
      },
    },
    dependencies,
  );
  return { changed, recorded: { requestId, proofEnd, result, receipt, refusal: undefined, report: undefined } };
}
