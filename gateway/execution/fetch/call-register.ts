import type { Adapter, CallGroup, GroupAnswer, RegisterAnswer, RegisterCall } from '../../../adapters/port.js';
import { RegisterFailure } from '../../../adapters/port.js';
import { withDeadline } from '../../../schemas/with-deadline.js';
import type { Run } from '../run.js';
import { callFault, type Fault } from '../data/fault.js';

export type CallOutcome = { readonly groups: readonly GroupAnswer[] } | { readonly fault: Fault };

/**
 * Makes one call to a register, within the register's time limit and the time left for the request. A failed call
 * resolves with a fault. Rejects only if the execution is cancelled.
 */
export async function callRegister(adapter: Adapter, groups: readonly CallGroup[], run: Run): Promise<CallOutcome> {
  const { clock, registerTimeoutMs } = run.services;
  const { register } = adapter;
  run.work.signal?.throwIfAborted();
  const startedAt = clock.monotonic();
  const deadline = Math.min(startedAt + registerTimeoutMs(register), run.work.deadline);
  if (deadline <= startedAt) return { fault: callFault(register, new RegisterFailure(register, 'timeout')) };
  const read = readChecked(adapter, {
    requestId: run.work.requestId,
    groups,
    deadline,
    signal: run.work.signal,
    claimant: run.work.claimant,
    onBehalfOf: run.work.onBehalfOf,
  });
  // An adapter keeps its deadline; this one holds also where an adapter does not.
  const outcome = await withDeadline(
    read,
    deadline - startedAt,
    () => ({ fault: callFault(register, new RegisterFailure(register, 'timeout')) }),
    (interrupt) => run.cancellation.whenCancelled(interrupt),
  );
  run.accessRecord.recordCallResult({
    register,
    failure: 'fault' in outcome ? outcome.fault.code : null,
    durationMs: clock.monotonic() - startedAt,
    receivedBeyondGrant: 'answer' in outcome && outcome.answer.receivedBeyondGrant,
    retrievedAt: clock.now().toISOString(),
  });
  return 'answer' in outcome ? { groups: outcome.answer.groups } : outcome;
}

type ReadOutcome = { readonly answer: RegisterAnswer } | { readonly fault: Fault };

async function readChecked(adapter: Adapter, call: RegisterCall): Promise<ReadOutcome> {
  try {
    const answer = await adapter.read(call);
    if (answersAll(answer, call.groups)) return { answer };
    throw new RegisterFailure(adapter.register, 'malformed');
  } catch (thrown) {
    return { fault: callFault(adapter.register, thrown) };
  }
}

/** Whether there is one record for each key, or one for a root fetch. Otherwise a record cannot be matched to its key. */
function answersAll({ groups: answers }: RegisterAnswer, groups: readonly CallGroup[]): boolean {
  return (
    answers.length === groups.length &&
    answers.every(({ records }, position) => records.length === (groups[position]?.keys?.length ?? 1))
  );
}
