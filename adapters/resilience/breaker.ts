import CircuitBreaker from 'opossum';

export interface BreakerOptions {
  /** Calls with an outcome within the window before it may open. */
  readonly volume: number;
  /** Share of failures, in percent, above which it opens. */
  readonly failurePercent: number;
  readonly windowMs: number;
  /** After this time one call is let through to try. */
  readonly retryAfterMs: number;
}

/**
 * What a call says about the register: it works, it does not, or nothing. A cancelled call says
 * nothing.
 */
export type Outcome = 'works' | 'fails' | 'unknown';

export type BreakerEvent = 'open' | 'halfOpen' | 'close' | 'reject';

/** A call that the breaker let through. */
export interface Attempt {
  /** How often the breaker had opened before it. */
  readonly opened: number;
}

const TRANSITIONS = ['open', 'halfOpen', 'close'] as const;

/**
 * The circuit breaker of one register. Closed, it lets every call through. It opens when too many calls failed, and lets
 * none through. After a while it is half open and lets one call through at a time: it closes if the register works, and
 * opens again if it fails. A trial of unknown outcome changes nothing: the next call is the next trial.
 *
 * opossum holds the state, the window and the timer. It runs no call itself, because it takes every call that it runs
 * for a success or a failure. It is told the outcomes only: a call that is under way, was turned away or has an unknown
 * outcome is in neither count. An outcome of a call from before the breaker opened is not counted. While it is closed, a
 * success does no more than what counts it: opossum's own events, without its promises.
 */
export class Breaker {
  readonly #circuit: CircuitBreaker<[Outcome], void>;
  readonly #onEvent: (event: BreakerEvent) => void;
  /** How often it has opened. */
  #opened = 0;
  #hasTrial = false;

  constructor(
    { volume, failurePercent, windowMs, retryAfterMs }: BreakerOptions,
    onEvent: (event: BreakerEvent) => void,
  ) {
    this.#onEvent = onEvent;
    this.#circuit = new CircuitBreaker<[Outcome], void>(settle, {
      timeout: false,
      volumeThreshold: volume,
      errorThresholdPercentage: failurePercent,
      rollingCountTimeout: windowMs,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      resetTimeout: retryAfterMs,
    });
    this.#circuit.on('open', () => (this.#opened += 1));
    for (const event of TRANSITIONS) {
      // opossum has a type for the listener of each event. These three do the same.
      this.#circuit.on(event as 'open', () => {
        this.#hasTrial = false;
        onEvent(event);
      });
    }
  }

  /** Returns undefined if no call may be made. */
  begin(): Attempt | undefined {
    const circuit = this.#circuit;
    if (!circuit.closed && (!circuit.halfOpen || this.#hasTrial)) {
      this.#onEvent('reject');
      return undefined;
    }
    this.#hasTrial = circuit.halfOpen;
    return { opened: this.#opened };
  }

  /** Must be called once for each attempt, when its call has ended. Resolves when the outcome is counted; undefined if it is already. Never rejects. */
  end({ opened }: Attempt, outcome: Outcome): Promise<void> | undefined {
    if (opened !== this.#opened) return undefined;
    if (outcome === 'unknown') {
      // While half open, no other call than the trial began after the breaker opened.
      this.#hasTrial = false;
      return undefined;
    }
    if (outcome === 'fails' || !this.#circuit.closed) return this.#circuit.fire(outcome).catch(ignore);
    this.#circuit.emit('fire');
    this.#circuit.emit('success');
    return undefined;
  }

  /** Lets no call through any more. */
  close(): void {
    this.#circuit.shutdown();
  }
}

class Fails extends Error {}

async function settle(outcome: Outcome): Promise<void> {
  if (outcome === 'fails') throw new Fails();
}

/** opossum rejects with the outcome that it was told, or because it was closed. Both are known. */
function ignore(): void {
  return undefined;
}
