import { LRUCache } from 'lru-cache';
import type { Clock } from '../../../schemas/ports/clock.js';

/** Something that is done for an unknown client when its turn comes. */
export interface Turn {
  /** The name of the source that it counts for. */
  readonly source: string;
  /** Starts it. Called once at most, perhaps before `add` returns. Does not throw. */
  readonly start: () => void;
}

export interface PacingOptions {
  /** Turns a second in the long run. */
  readonly perSecond: number;
  /**
   * Turns that are given at once after a time without any, and so the most that one turn of the event loop does
   * for unknown clients.
   */
  readonly atOnce: number;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Calls back after some milliseconds. */
  readonly later?: (call: () => void, ms: number) => void;
}

/** How often turns are given while some wait, in milliseconds. */
const EVERY_MS = 2;
/** Sources that are remembered because a token was verified there. */
const MAX_ACQUAINTED = 10_000;

/**
 * Bounds what unknown clients cost: turns are given at a limited rate, to the sources in turn. While
 * something waits for its turn nothing is read for it, so a client that asks again and again slows down by
 * itself. Known callers need no turn and wait for none.
 *
 * Every second turn belongs to sources from which a token has been verified before: a caller who opens a new
 * connection does not wait behind thousands of sources that no one has heard of.
 *
 * Memory is bounded by what waits.
 */
export class Pacing {
  readonly #options: PacingOptions;
  readonly #later: NonNullable<PacingOptions['later']>;
  readonly #acquainted = new LRUCache<string, true>({ max: MAX_ACQUAINTED });
  readonly #ofAcquainted = new RoundRobin();
  readonly #ofStrangers = new RoundRobin();
  #isAcquaintedNext = true;
  #allowance: number;
  #allowanceAt: number;
  #isGoing = false;

  constructor(options: PacingOptions) {
    this.#options = options;
    this.#later = options.later ?? ((call, ms) => void setTimeout(call, ms).unref());
    this.#allowance = options.atOnce;
    this.#allowanceAt = options.clock.monotonic();
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#ofAcquainted.size + this.#ofStrangers.size;
  }

  /** Takes one up. It starts at once if none waits and the rate allows it. */
  add(turn: Turn): void {
    if (this.waiting === 0 && this.#mayStart()) return turn.start();
    (this.#acquainted.has(turn.source) ? this.#ofAcquainted : this.#ofStrangers).add(turn);
    this.#goOn();
  }

  /** Gives a turn up. Does nothing if it has started. */
  delete(turn: Turn): void {
    this.#ofAcquainted.delete(turn);
    this.#ofStrangers.delete(turn);
  }

  /** A token has been verified that came from this source. */
  acquainted(source: string): void {
    this.#acquainted.set(source, true);
  }

  #goOn(): void {
    if (this.#isGoing || this.waiting === 0) return;
    this.#isGoing = true;
    this.#later(() => {
      this.#isGoing = false;
      while (this.waiting > 0 && this.#mayStart()) this.#next()?.start();
      this.#goOn();
    }, EVERY_MS);
  }

  #mayStart(): boolean {
    const now = this.#options.clock.monotonic();
    const { perSecond, atOnce } = this.#options;
    const earned = ((now - this.#allowanceAt) * perSecond) / 1_000;
    this.#allowance = Math.min(atOnce, this.#allowance + earned);
    this.#allowanceAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }

  #next(): Turn | undefined {
    const [first, second] = this.#isAcquaintedNext
      ? [this.#ofAcquainted, this.#ofStrangers]
      : [this.#ofStrangers, this.#ofAcquainted];
    this.#isAcquaintedNext = !this.#isAcquaintedNext;
    return first.take() ?? second.take();
  }
}

/** Turns that wait: those of one source in the order in which they came, the sources in turn. */
class RoundRobin {
  readonly #bySource = new Map<string, Set<Turn>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(turn: Turn): void {
    const ofSource = this.#bySource.get(turn.source);
    if (ofSource === undefined) this.#bySource.set(turn.source, new Set([turn]));
    else ofSource.add(turn);
    this.#size += 1;
  }

  delete(turn: Turn): void {
    const ofSource = this.#bySource.get(turn.source);
    if (ofSource?.delete(turn) !== true) return;
    this.#size -= 1;
    if (ofSource.size === 0) this.#bySource.delete(turn.source);
  }

  take(): Turn | undefined {
    for (const [source, ofSource] of this.#bySource)
      for (const turn of ofSource) {
        this.delete(turn);
        // The source goes to the end of the line.
        if (this.#bySource.delete(source) && ofSource.size > 0) this.#bySource.set(source, ofSource);
        return turn;
      }
    return undefined;
  }
}
