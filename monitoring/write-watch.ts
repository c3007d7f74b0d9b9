import type { Clock } from '../schemas/ports/clock.js';

/** What was last seen of the writes to a store. */
export interface LastSeen {
  /** Whether the last write that was seen has committed. */
  readonly ok: boolean;
  /** Time since that write ended, in milliseconds. */
  readonly ageMs: number;
}

export interface WriteWatchOptions {
  readonly clock: Clock;
  /**
   * Commits a write that needs of the store what its real writes need, and leaves nothing that counts.
   * Rejects if the store cannot do it; settles within a limit of its own.
   */
  readonly write: () => Promise<void>;
}

/** A store that is idle is tried again after this time, in milliseconds. */
const IDLE_MS = 5_000;
/** A store that failed is tried again after this time, in milliseconds. */
const FAILED_MS = 1_000;
/** What was seen longer ago than this says nothing about the store as it is. */
const STALE_MS = 20_000;

/**
 * Remembers whether a store takes writes: from its real writes, and where there are none, from a write
 * of the watch itself. Who asks gets what was last seen; asking never touches the store.
 *
 * A failure counts until a later write commits: a write that began before the failure does not end it.
 */
export class WriteWatch {
  readonly #options: WriteWatchOptions;
  #isOk = false;
  #seenAt: number;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: WriteWatchOptions) {
    this.#options = options;
    this.#seenAt = options.clock.monotonic();
  }

  /** Returns the number of failures so far, to be given to `committed` by the write that begins here. */
  begin(): number {
    return this.#failures;
  }

  /** Notes that a write has committed which began when this many failures had been seen. */
  committed(failures: number): void {
    if (failures === this.#failures) this.#see(true);
  }

  /** Notes that a write has failed, or may have. */
  failed(): void {
    this.#failures += 1;
    this.#see(false);
  }

  lastSeen(): LastSeen {
    const ageMs = Math.round(this.#options.clock.monotonic() - this.#seenAt);
    return { ok: this.#isOk && ageMs <= STALE_MS, ageMs };
  }

  /** Writes if nothing was seen for a while. One write at a time. Never rejects. */
  async check(): Promise<void> {
    const { clock } = this.#options;
    if (clock.monotonic() - this.#seenAt < (this.#isOk ? IDLE_MS : FAILED_MS)) return;
    await this.checkNow();
  }

  /** Writes now, or waits for the write under way. Never rejects. */
  checkNow(): Promise<void> {
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  /** Checks again and again, until `stop`. */
  start(): void {
    this.#timer ??= setInterval(() => void this.check(), FAILED_MS).unref();
  }

  /** Ends the checks. Resolves when no write of the watch is under way; from then on nothing is seen as ok. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    this.failed();
  }

  async #write(): Promise<void> {
    const failures = this.begin();
    try {
      await this.#options.write();
      this.committed(failures);
    } catch {
      this.failed();
    }
  }

  #see(isOk: boolean): void {
    this.#isOk = isOk;
    this.#seenAt = this.#options.clock.monotonic();
  }
}
