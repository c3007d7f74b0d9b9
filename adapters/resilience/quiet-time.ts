import type { Clock } from '../../schemas/ports/clock.js';
import { RegisterFailure, type RegisterAnswer, type RegisterCall } from '../port.js';

/** Longest time for which a register is left alone, even if it asks for more. */
const MAX_QUIET_MS = 60_000;
/** With less time left after the quiet time, a second try is not worth the wait. */
const LEAST_MS = 5;

export interface QuietTimeOptions {
  readonly register: string;
  readonly clock: Clock;
  readonly pause: Pause;
}

/** Waits for the given milliseconds. An aborted signal ends the wait. */
export type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

type Ask = (call: RegisterCall) => Promise<RegisterAnswer>;

/**
 * The time for which an overloaded register asked to be left alone (`Retry-After`), at most a minute. During this time
 * no call is made: new calls are refused. The call that the register refused is made once more afterwards, if its
 * deadline leaves the time.
 */
export class QuietTime {
  readonly #options: QuietTimeOptions;
  #until = -Infinity;
  /** The end for which the register asked, which may be later. */
  #askedUntil = -Infinity;

  constructor(options: QuietTimeOptions) {
    this.#options = options;
  }

  /** @throws RegisterFailure `overloaded` during the quiet time. It says for how long the register still wants it. */
  mind(): void {
    if (this.#leftMs() > 0)
      throw new QuietNow(this.#options.register, this.#askedUntil - this.#options.clock.monotonic());
  }

  /** Takes note of a failed call. It must be called before the next call is made. */
  learn(error: unknown): void {
    if (!asksForQuiet(error)) return;
    const now = this.#options.clock.monotonic();
    this.#until = Math.max(this.#until, now + Math.min(error.retryAfterMs, MAX_QUIET_MS));
    this.#askedUntil = Math.max(this.#askedUntil, now + error.retryAfterMs);
  }

  /**
   * Calls once more after the quiet time, if the register asked for one and the deadline leaves the time. Otherwise
   * rejects with the failure; with `cancelled`, at once, if the signal is aborted.
   */
  async askLater(call: RegisterCall, error: unknown, ask: Ask): Promise<RegisterAnswer> {
    if (!asksForQuiet(error)) throw error;
    const leftMs = this.#leftMs();
    if (this.#options.clock.monotonic() + leftMs > call.deadline - LEAST_MS) throw error;
    // A timer may be early by a fraction of a millisecond.
    await this.#options.pause(Math.ceil(leftMs) + 1, call.signal);
    if (call.signal?.aborted) throw RegisterFailure.cancelled(this.#options.register);
    this.mind();
    return ask(call);
  }

  #leftMs(): number {
    return Math.max(0, this.#until - this.#options.clock.monotonic());
  }
}

function asksForQuiet(error: unknown): error is RegisterFailure & { readonly retryAfterMs: number } {
  return error instanceof RegisterFailure && !(error instanceof QuietNow) && error.retryAfterMs !== undefined;
}

/** A call that was not made in the quiet time: it is no word of the register. */
class QuietNow extends RegisterFailure {
  constructor(register: string, retryAfterMs: number) {
    super(register, 'overloaded', { retryAfterMs });
  }
}
