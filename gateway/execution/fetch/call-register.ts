import type { Adapter, CallGroup, GroupAnswer, RegisterAnswer, RegisterCall } from '../../../adapters/port.js';
import { RegisterFailure } from '../../../adapters/port.js';
import { BEYOND_MAPPING } from '../../../monitoring/audit/entries.js';
import type { ReadPeople } from '../../access/access-record.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { FailureReason } from '../../../schemas/failures/register-failure.js';
import { isObject } from '../../../schemas/objects.js';
import { withDeadline } from '../../../schemas/with-deadline.js';
import type { Run } from '../run.js';
import { callFault, type Fault } from '../data/fault.js';

/** What a register is asked, and the people that this is about. */
export interface RegisterQuestion {
  readonly groups: readonly CallGroup[];
  readonly people: ReadPeople;
  /** Returns the categories that are granted of everyone in a group. */
  readonly grantedIn: (group: number) => ReadonlySet<string>;
}

export type CallOutcome = { readonly groups: readonly GroupAnswer[] } | { readonly fault: Fault };

/**
 * Reads a register once, within the register's time limit and the time left for the request. A failed read resolves with
 * a fault. Rejects only if the execution is cancelled: then the access record keeps the read as one that was broken off.
 */
export async function callRegister(
  adapter: Adapter,
  { groups, people, grantedIn }: RegisterQuestion,
  run: Run,
): Promise<CallOutcome> {
  const { clock, registerTimeoutMs } = run.services;
  const { register } = adapter;
  run.work.signal?.throwIfAborted();
  const startedAt = clock.monotonic();
  const calls = run.accessRecord.beginRead(register, startedAt, people);
  const deadline = Math.min(startedAt + registerTimeoutMs(register), run.work.deadline);
  const timedOut = (): ReadOutcome => faultOf(new RegisterFailure(register, 'deadline'), register, clock);
  const outcome =
    deadline <= startedAt
      ? timedOut()
      : await readWithin(deadline - startedAt, timedOut, run, () =>
          readChecked(adapter, clock, {
            requestId: run.work.requestId,
            calls,
            groups,
            deadline,
            signal: run.work.signal,
            claimant: run.work.claimant,
            onBehalfOf: run.work.onBehalfOf,
          }),
        );
  calls.end({
    failure: 'fault' in outcome ? outcome.fault.code : null,
    reason: 'fault' in outcome ? outcome.reason : undefined,
    durationMs: clock.monotonic() - startedAt,
    beyondGrant: 'answer' in outcome ? beyondGrant(outcome.answer, { register, grantedIn }, run) : [],
    records: 'answer' in outcome ? recordsIn(outcome.answer, groups) : 0,
    converted: 'answer' in outcome ? outcome.answer.groups.flatMap(({ converted = [] }) => converted) : [],
    retrievedAt: clock.now().toISOString(),
  });
  return 'answer' in outcome ? { groups: outcome.answer.groups } : { fault: outcome.fault };
}

/**
 * Returns the categories of what a register sent beyond the question, without those that are granted of everyone in the
 * group. What no field of the mapping reads has no category.
 */
function beyondGrant(
  { groups }: RegisterAnswer,
  { register, grantedIn }: { readonly register: string; readonly grantedIn: RegisterQuestion['grantedIn'] },
  { services: { governance } }: Run,
): readonly string[] {
  const found = new Set<string>();
  groups.forEach(({ beyond }, group) => {
    if (beyond === undefined) return;
    const granted = grantedIn(group);
    for (const { type, name } of beyond.fields) {
      const category = governance.category(register, type, name)?.name ?? BEYOND_MAPPING;
      if (!granted.has(category)) found.add(category);
    }
    if (beyond.isUnmapped) found.add(BEYOND_MAPPING);
  });
  return [...found];
}

/** Counts the entities that a register has, and for a root fetch what its root fields have: objects and items of lists. */
function recordsIn({ groups: answers }: RegisterAnswer, groups: readonly CallGroup[]): number {
  let count = 0;
  answers.forEach(({ records }, position) => {
    const isRoot = groups[position]?.keys === undefined;
    for (const record of records) {
      if (record === null) continue;
      if (!isRoot) count += 1;
      else
        for (const value of Object.values(record))
          count += Array.isArray(value) ? value.length : Number(isObject(value));
    }
  });
  return count;
}

type ReadOutcome =
  { readonly answer: RegisterAnswer } | { readonly fault: Fault; readonly reason: FailureReason | undefined };

/** An adapter keeps its deadline; this one holds also where an adapter does not. */
function readWithin(
  milliseconds: number,
  timedOut: () => ReadOutcome,
  run: Run,
  read: () => Promise<ReadOutcome>,
): Promise<ReadOutcome> {
  const reading = read();
  run.accessRecord.follow(reading);
  return withDeadline(reading, milliseconds, timedOut, (interrupt) => run.cancellation.whenCancelled(interrupt));
}

/** Never rejects. */
async function readChecked(adapter: Adapter, clock: Clock, call: RegisterCall): Promise<ReadOutcome> {
  try {
    const answer = await adapter.read(call);
    if (answersAll(answer, call.groups)) return { answer };
    throw new RegisterFailure(adapter.register, 'batch_count');
  } catch (thrown) {
    return faultOf(thrown, adapter.register, clock);
  }
}

function faultOf(thrown: unknown, register: string, clock: Clock): ReadOutcome {
  const reason = thrown instanceof RegisterFailure ? thrown.reason : undefined;
  return { fault: callFault(register, thrown, clock.now()), reason };
}

/** Whether there is one record for each key, or one for a root fetch. Otherwise a record cannot be matched to its key. */
function answersAll({ groups: answers }: RegisterAnswer, groups: readonly CallGroup[]): boolean {
  return (
    answers.length === groups.length &&
    answers.every(({ records }, position) => records.length === (groups[position]?.keys?.length ?? 1))
  );
}
