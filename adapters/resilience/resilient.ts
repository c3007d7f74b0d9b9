import CircuitBreaker from 'opossum';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { Semaphore } from '../../schemas/semaphore.js';
import { codeOf } from '../../schemas/error-code.js';
import {
  RegisterDeclined,
  RegisterFailure,
  type Adapter,
  type RegisterAnswer,
  type RegisterCall,
  type RegisterFailureKind,
} from '../port.js';
import { QuietTime } from './quiet-time.js';

export interface ResilienceOptions {
  readonly clock: Clock;
  readonly observer: Observer;
  /** Limit of one call, in milliseconds. The deadline of the request may end it earlier. */
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  readonly maxWaiting: number;
  readonly breaker: BreakerOptions;
  /** Waits for the given milliseconds. The default is a timer. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

export interface BreakerOptions {
  /** Calls within the window before it may open. */
  readonly volume: number;
  /** Share of failures, in percent, at which it opens. */
  readonly failurePercent: number;
  readonly windowMs: number;
  /** After this time one call is let through to try. */
  readonly retryAfterMs: number;
}

/** With less time left, no call can succeed. */
const LEAST_MS = 5;

const BREAKER_EVENTS = ['open', 'halfOpen', 'close', 'reject'] as const;

/**
 * Returns the adapter with everything that keeps one bad register from hurting others: deadline, bulkhead, circuit
 * breaker. The bulkhead is outside the breaker, because a busy register has not failed. A malformed answer does not
 * open the breaker (quality judges it), nor does a register that declines a call with a code of its own. No call is made
 * twice unless the register asked to be called later (`QuietTime`). There is no cache and no sharing: an answer belongs
 * to the request that caused it.
 */
export function resilient(adapter: Adapter, options: ResilienceOptions): Adapter {
  const { register } = adapter;
  const bulkhead = new Semaphore(options.maxInFlight, options.maxWaiting);
  const breaker = createBreaker(adapter, options);
  const { clock, observer, pause = sleep } = options;
  const quiet = new QuietTime({ register, clock, pause });
  const once = async (call: RegisterCall): Promise<RegisterAnswer> => {
    quiet.mind();
    assertInTime(call, register, clock);
    try {
      return await breaker.fire(call);
    } catch (error) {
      quiet.learn(error);
      throw error;
    }
  };
  const turnedAway = (): RegisterFailure => new RegisterFailure(register, 'overloaded');
  const ask = (call: RegisterCall): Promise<RegisterAnswer> =>
    bulkhead.run(() => once(call), { turnedAway, waitMs: call.deadline - clock.monotonic() });
  const askTwiceAtMost = async (call: RegisterCall): Promise<RegisterAnswer> => {
    quiet.mind();
    try {
      return await ask(call);
    } catch (error) {
      return await quiet.askLater(call, error, ask);
    }
  };
  const read = async (call: RegisterCall): Promise<RegisterAnswer> => {
    const startedAt = clock.monotonic();
    const deadline = Math.min(call.deadline, startedAt + options.timeoutMs);
    try {
      const answer = await askTwiceAtMost({ ...call, deadline });
      observer.count('tereze_register_calls_total', { register, outcome: 'answered' });
      return answer;
    } catch (error) {
      const failure = asFailure(error, register);
      observer.count('tereze_register_calls_total', { register, outcome: failure.kind });
      observer.log('warn', 'register_call_failed', { requestId: call.requestId, register, kind: failure.kind });
      throw failure;
    } finally {
      observer.duration('tereze_register_call_seconds', (clock.monotonic() - startedAt) / 1000, { register });
    }
  };
  return {
    register,
    prepare: (selection) => adapter.prepare(selection),
    read,
    close: () => {
      breaker.shutdown();
      return adapter.close();
    },
  };
}

type Breaker = CircuitBreaker<[RegisterCall], RegisterAnswer>;

function createBreaker(
  adapter: Adapter,
  { observer, breaker: { volume, failurePercent, windowMs, retryAfterMs } }: ResilienceOptions,
): Breaker {
  const { register } = adapter;
  const breaker = new CircuitBreaker<[RegisterCall], RegisterAnswer>((call: RegisterCall) => adapter.read(call), {
    name: register,
    // The adapter keeps the deadline itself. The timeout of the breaker would leave the call running.
    timeout: false,
    volumeThreshold: volume,
    errorThresholdPercentage: failurePercent,
    rollingCountTimeout: windowMs,
    rollingPercentilesEnabled: false,
    resetTimeout: retryAfterMs,
    // Filtered errors count as successes, because the register did answer.
    errorFilter: (error: unknown) =>
      error instanceof RegisterDeclined ||
      (error instanceof RegisterFailure && NO_FAILURE_OF_THE_REGISTER.has(error.kind)),
  });
  for (const event of BREAKER_EVENTS) {
    // opossum has a type for the listener of each event. These four do the same.
    breaker.on(event as 'open', () => observer.count('tereze_breaker_events_total', { register, event }));
  }
  return breaker;
}

const NO_FAILURE_OF_THE_REGISTER: ReadonlySet<RegisterFailureKind> = new Set(['malformed', 'cancelled']);

/**
 * A call that waited too long, came too late or is no longer wanted says nothing about the register. The breaker does
 * not count it.
 */
function assertInTime({ signal, deadline }: RegisterCall, register: string, clock: Clock): void {
  if (signal?.aborted) throw new RegisterFailure(register, 'cancelled');
  if (deadline - clock.monotonic() < LEAST_MS) throw new RegisterFailure(register, 'timeout');
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Failure kinds of opossum's own rejections, where no call was made. */
const UNASKED: ReadonlySet<unknown> = new Set(['EOPENBREAKER', 'ESHUTDOWN']);

function asFailure(error: unknown, register: string): RegisterFailure {
  if (error instanceof RegisterFailure) return error;
  return new RegisterFailure(register, UNASKED.has(codeOf(error)) ? 'unavailable' : 'failed', { cause: codeOf(error) });
}
