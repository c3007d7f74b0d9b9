import { LRUCache } from 'lru-cache';
import type { Clock } from '../../schemas/ports/clock.js';

/** How many requests a caller may send. */
export interface RateLimit {
  readonly perSecond: number;
  /** Requests at once, after a time without any. At least 1. */
  readonly burst: number;
}

/** What is known of one caller's rate. */
export interface Metered {
  /** A number that names the caller while it is remembered, and tells nothing about it. */
  readonly id: number;
  /** Milliseconds until the next request may come; 0 if this one is within the rate. */
  readonly waitMs: number;
}

interface Meter {
  readonly id: number;
  /** When the caller's allowance is whole again, in monotonic milliseconds (GCRA's theoretical arrival time). */
  wholeAt: number;
}

/** Callers that are remembered. One that is forgotten has its whole allowance again. */
const MAX_METERS = 100_000;

/** Measures the rate of each caller in the memory of this process (token bucket, as the generic cell rate algorithm). */
export class CallerRates {
  readonly #clock: Clock;
  readonly #meters: LRUCache<string, Meter>;
  #ids = 0;

  constructor(clock: Clock, max = MAX_METERS) {
    this.#clock = clock;
    this.#meters = new LRUCache({ max });
  }

  /** Counts one request, unless it is beyond the rate. */
  take(key: string, { perSecond, burst }: RateLimit): Metered {
    const meter = this.#meterOf(key);
    const waitMs = this.#waitOf(meter.wholeAt, { perSecond, burst });
    if (waitMs > 0) return { id: meter.id, waitMs };
    meter.wholeAt = Math.max(this.#clock.monotonic(), meter.wholeAt) + 1_000 / perSecond;
    return { id: meter.id, waitMs: 0 };
  }

  /** Returns the milliseconds until the next request may come, 0 if it may come now. Counts nothing and remembers no one. */
  waitOf(key: string, limit: RateLimit): number {
    return this.#waitOf(this.#meters.peek(key)?.wholeAt ?? -Infinity, limit);
  }

  /** Counts some more requests, although none came: the next ones have to wait for them. */
  charge(key: string, { perSecond }: RateLimit, requests: number): void {
    const meter = this.#meterOf(key);
    meter.wholeAt = Math.max(this.#clock.monotonic(), meter.wholeAt) + (requests * 1_000) / perSecond;
  }

  /** Returns the caller's number without counting a request. */
  idOf(key: string): number {
    return this.#meterOf(key).id;
  }

  #waitOf(wholeAt: number, { perSecond, burst }: RateLimit): number {
    const now = this.#clock.monotonic();
    return Math.max(0, Math.max(now, wholeAt) - now - ((burst - 1) * 1_000) / perSecond);
  }

  #meterOf(key: string): Meter {
    let meter = this.#meters.get(key);
    if (meter === undefined) this.#meters.set(key, (meter = { id: (this.#ids += 1), wholeAt: -Infinity }));
    return meter;
  }
}
