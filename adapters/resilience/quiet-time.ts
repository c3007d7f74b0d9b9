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

  /** Asks with regard to the quiet time: `ask` is called twice at most, and has to make its call through {@link keep}. */
  async ask(call: RegisterCall, ask: Ask): Promise<RegisterAnswer> {
    this.#mind();
    try {
      return await ask(call);
    } catch (error) {
      if (!asksForQuiet(error)) throw error;
      const leftMs = this.#leftMs();
      if (this.#options.clock.monotonic() + leftMs > call.deadline - LEAST_MS) throw error;
      // A timer may be early by a fraction of a millisecond.
      await this.#options.pause(Math.ceil(leftMs) + 1);
      this.#mind();
      return ask(call);
    }
  }

  /** Makes one call, unless the register is to be left alone; learns from its failure before anybody else makes one. */
  async keep(make: () => Promise<RegisterAnswer>): Promise<RegisterAnswer> {
    this.#mind();
    try {
      return await make();
    } catch (error) {
      if (asksForQuiet(error)) this.#until = Math.max(this.#until, this.#options.clock.monotonic() + Math.min(error.retryAfterMs, MAX_QUIET_MS));
      throw error;
    }
  }

  #mind(): void {
    if (this.#leftMs() > 0) throw new RegisterFailure(this.#options.register, 'overloaded');
  }

  #leftMs(): number {
    return Math.max(0, this.#until - this.#options.clock.monotonic());
  }
}

function asksForQuiet(error: unknown): error is RegisterFailure & { readonly retryAfterMs: number } {
  return error instanceof RegisterFailure && error.retryAfterMs !== undefined;
}
