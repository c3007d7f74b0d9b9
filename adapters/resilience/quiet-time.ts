import type { Clock } from '../../schemas/ports/clock.js';
import { RegisterFailure, type RegisterAnswer, type RegisterCall } from '../port.js';

/** Longest time for which a register is left alone, whatever it asks for. */
const MAX_QUIET_MS = 60_000;
/** With less left after the quiet time a second try is not worth the wait. */
const LEAST_MS = 5;

export interface QuietTimeOptions {
  readonly register: string;
  readonly clock: Clock;
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

type Ask = (call: RegisterCall) => Promise<RegisterAnswer>;

/**
 * The time for which a register, overloaded, has asked to be left alone (`Retry-After`), at most a
 * minute. Until it is up nothing is asked. The call that the register refused is asked once more
 * afterwards, where its deadline leaves the time; calls that come meanwhile are turned away.
 */
export class QuietTime {
  readonly #options: QuietTimeOptions;
  #until = -Infinity;

  constructor(options: QuietTimeOptions) {
    this.#options = options;
  }

  /** @throws RegisterFailure `overloaded` while the register is to be left alone. */
  mind(): void {
    if (this.#leftMs() > 0) throw new RegisterFailure(this.#options.register, 'overloaded');
  }

  /** Learns from the failure of a call; to be told before anybody else makes one. */
  learn(error: unknown): void {
    if (asksForQuiet(error))
      this.#until = Math.max(this.#until, this.#options.clock.monotonic() + Math.min(error.retryAfterMs, MAX_QUIET_MS));
  }

  /** Asks once more after the quiet time, where the register has asked for one and the deadline leaves the time; else rejects with the failure. */
  async askLater(call: RegisterCall, error: unknown, ask: Ask): Promise<RegisterAnswer> {
    if (!asksForQuiet(error)) throw error;
    const leftMs = this.#leftMs();
    if (this.#options.clock.monotonic() + leftMs > call.deadline - LEAST_MS) throw error;
    // A timer may be early by a fraction of a millisecond.
    await this.#options.pause(Math.ceil(leftMs) + 1);
    this.mind();
    return ask(call);
  }

  #leftMs(): number {
    return Math.max(0, this.#until - this.#options.clock.monotonic());
  }
}

function asksForQuiet(error: unknown): error is RegisterFailure & { readonly retryAfterMs: number } {
  return error instanceof RegisterFailure && error.retryAfterMs !== undefined;
}
