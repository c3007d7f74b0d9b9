/** How long work waits for its turn, and what it fails with when it gets none. */
export interface Turn {
  /** Makes the error for work that found the queue full, waited too long, or is no longer wanted. */
  readonly turnedAway: () => Error;
  /** Longest wait, in milliseconds. If absent, the work waits until its turn comes. */
  readonly waitMs?: number;
  /** Aborted when the work is no longer wanted: it leaves the queue at once. Work that has started goes on. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a limited number of pieces of work at once. Further work waits in a queue of limited length
 * and starts in the order in which it came. Work that finds the queue full is rejected at once.
 */
export class Semaphore {
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Starts `work` at once if there is room, otherwise when its turn comes. Resolves or rejects as the
   * work does; rejects with the error of `turnedAway` if the work was not started.
   */
  run<T>(work: () => Promise<T>, turn: Turn): Promise<T> {
    if (this.#running < this.#maxRunning) {
      this.#running += 1;
      return this.#start(work);
    }
    return this.#wait(turn).then(() => this.#start(work));
  }

  async #start<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  #wait({ turnedAway, waitMs, signal }: Turn): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting || signal?.aborted) return Promise.reject(turnedAway());
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
      };
      const enter = (): void => {
        leave();
        resolve();
      };
      const giveUp = (): void => {
        leave();
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(turnedAway());
      };
      const timer = waitMs === undefined ? undefined : setTimeout(giveUp, waitMs);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(enter);
    });
  }

  /** Gives the free place to the work that waits longest. The place never becomes free in between, so later work cannot take it. */
  #passOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
