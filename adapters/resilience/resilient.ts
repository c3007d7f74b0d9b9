import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { FairShare, type Claimant } from '../../schemas/fair-share.js';
import { codeOf } from '../../schemas/error-code.js';
import {
  RegisterDeclined,
  RegisterFailure,
  type Adapter,
  type GroupAnswer,
  type RegisterAnswer,
  type RegisterCall,
} from '../port.js';
import type { Drift } from '../drift.js';
import { Breaker, type BreakerOptions, type Outcome } from './breaker.js';
import { QuietTime, type Pause } from './quiet-time.js';
import { ReadNames } from './read-names.js';

export interface ResilienceOptions {
  readonly clock: Clock;
  readonly observer: Observer;
  /** Limit of one call, in milliseconds. The deadline of the request may end it earlier. */
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  readonly maxWaiting: number;
  readonly breaker: BreakerOptions;
  /** Waits for the given milliseconds, or until the signal is aborted. The default is a timer. */
  readonly pause?: Pause;
}

/** The claimant of calls that the gateway makes for itself. */
const OWN_CALLS: Claimant = { caller: '', weight: 1 };

/** With less time left, no call can succeed. */
const LEAST_MS = 5;

/**
 * Returns the adapter with everything that keeps one bad register from hurting others: deadline, bulkhead, circuit
 * breaker. The bulkhead is shared out by caller, so that one who asks for much leaves room for others. It is outside the breaker, because a busy register has not failed. A malformed answer does not
 * open the breaker (quality judges it), nor does a register that declines a call with a code of its own. A cancelled
 * call says nothing about the register: it counts neither as a success nor as a failure, and it waits for nothing. No
 * call is made twice unless the register asked to be called later (`QuietTime`). There is no cache and no sharing: an
 * answer belongs to the request that caused it.
 */
export function resilient(adapter: Adapter, options: ResilienceOptions): Adapter {
  const { register } = adapter;
  const { clock, observer, pause = sleep } = options;
  const bulkhead = new FairShare({
    places: options.maxInFlight,
    maxWaiting: options.maxWaiting,
    givesWay: 'largest',
  });
  const breaker = new Breaker(options.breaker, (event) =>
    observer.count('tereze_breaker_events_total', { register, event }),
  );
  const quiet = new QuietTime({ register, clock, pause });
  const waitForPlace = async (call: RegisterCall, claimant: Claimant): Promise<void> => {
    await bulkhead.enter({
      claimant,
      turnedAway: () =>
        call.signal?.aborted ? RegisterFailure.cancelled(register) : new RegisterFailure(register, 'overloaded'),
      waitMs: call.deadline - clock.monotonic(),
      signal: call.signal,
    });
  };
  const ask = async (call: RegisterCall): Promise<RegisterAnswer> => {
    quiet.mind();
    const claimant = call.claimant ?? OWN_CALLS;
    if (!bulkhead.tryEnter(claimant)) await waitForPlace(call, claimant);
    try {
      quiet.mind();
      assertInTime(call, register, clock);
      const attempt = breaker.begin();
      if (attempt === undefined) throw new RegisterFailure(register, 'breaker_open');
      try {
        const answer = await adapter.read(call);
        const counting = breaker.end(attempt, 'works');
        if (counting !== undefined) await counting;
        return answer;
      } catch (error) {
        const failure = asFailure(error, call, register);
        await breaker.end(attempt, outcomeOf(failure));
        quiet.learn(failure);
        throw failure;
      }
    } finally {
      bulkhead.leave(claimant);
    }
  };
  const askTwiceAtMost = async (call: RegisterCall): Promise<RegisterAnswer> => {
    try {
      return await ask(call);
    } catch (error) {
      return await quiet.askLater(call, error, ask);
    }
  };
  const names = new ReadNames();
  const answered = { register, outcome: 'answered' };
  const timed = { register };
  const read = async (call: RegisterCall): Promise<RegisterAnswer> => {
    const startedAt = clock.monotonic();
    const limited = until(Math.min(call.deadline, startedAt + options.timeoutMs), call);
    try {
      const answer = await askTwiceAtMost(limited);
      observer.count('tereze_register_calls_total', answered);
      answer.groups.forEach(({ errors }, position) => {
        if (errors.length === 0) return;
        const operation = names.of(call.groups.slice(position, position + 1));
        reportFields(errors, call, options, { register, operation });
      });
      return answer;
    } catch (error) {
      const failure = asFailure(error, call, register);
      observer.count('tereze_register_calls_total', { register, outcome: failure.kind });
      reportCall(failure, call, options, names.of(call.groups));
      throw failure;
    } finally {
      observer.duration('tereze_register_call_seconds', (clock.monotonic() - startedAt) / 1000, timed);
    }
  };
  return {
    register,
    prepare: (selection) => names.keep(adapter.prepare(selection), selection),
    read,
    ...(adapter.addressAgreements && { addressAgreements: adapter.addressAgreements }),
    ...(adapter.findDrift && { findDrift: (deadline) => findDrift(adapter, deadline) }),
    close: () => {
      breaker.close();
      return adapter.close();
    },
  };
}

/** Returns the call with another deadline. It is written out: this runs for every call, and a spread takes several times as long. */
function until(
  deadline: number,
  { requestId, calls, groups, signal, claimant, onBehalfOf }: RegisterCall,
): { readonly [Part in keyof Required<RegisterCall>]: RegisterCall[Part] } {
  return { requestId, calls, groups, deadline, signal, claimant, onBehalfOf };
}

async function findDrift(adapter: Adapter, deadline: number): Promise<readonly Drift[]> {
  return (await adapter.findDrift?.(deadline)) ?? [];
}

/**
 * Counts and logs a failed call. A call that was broken off, or failed by a defect of the adapter, has no reason. `read`:
 * what was read, where the mapping has no name for it.
 */
function reportCall(
  failure: RegisterFailure,
  { requestId }: RegisterCall,
  { observer }: ResilienceOptions,
  read: string,
): void {
  const { register, kind, reason, operation, cause } = failure;
  if (reason !== undefined)
    observer.count('tereze_register_failures_total', { register, operation: operation ?? read, reason });
  observer.log('warn', 'register_call_failed', {
    requestId,
    register,
    kind,
    ...(reason === undefined ? {} : { reason }),
    ...(operation === undefined ? {} : { operation }),
    ...(typeof cause === 'string' ? { code: cause } : {}),
  });
}

/** Counts and logs fields that failed on their own: each reason once a group. */
function reportFields(
  errors: GroupAnswer['errors'],
  { requestId }: RegisterCall,
  { observer }: ResilienceOptions,
  { register, operation }: { readonly register: string; readonly operation: string },
): void {
  for (const reason of new Set(errors.map((error) => error.reason))) {
    observer.count('tereze_register_failures_total', { register, operation, reason });
    observer.log('warn', 'register_fields_failed', { requestId, register, operation, reason });
  }
}

/**
 * What a failed call says about the register. A register that declines a call, or answers something else, works. A call
 * that was not made says nothing.
 */
function outcomeOf(failure: RegisterFailure): Outcome {
  if (failure.kind === 'cancelled' || failure.kind === 'unavailable') return 'unknown';
  return failure instanceof RegisterDeclined || failure.kind === 'malformed' ? 'works' : 'fails';
}

/**
 * A call that waited too long, came too late or is no longer wanted says nothing about the register. The breaker does
 * not count it.
 */
function assertInTime({ signal, deadline }: RegisterCall, register: string, clock: Clock): void {
  if (signal?.aborted) throw RegisterFailure.cancelled(register);
  if (deadline - clock.monotonic() < LEAST_MS) throw new RegisterFailure(register, 'deadline');
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
  });
}

/** Returns the failure of a call. A call that fails after it was cancelled counts as cancelled: it was broken off. */
function asFailure(error: unknown, { signal }: RegisterCall, register: string): RegisterFailure {
  if (signal?.aborted) return RegisterFailure.cancelled(register);
  if (error instanceof RegisterFailure) return error;
  return RegisterFailure.defect(register, codeOf(error));
}
