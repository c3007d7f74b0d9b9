/** At most so many calls at once, a short queue before them; what waits beyond its deadline, or finds the queue full, is turned away. */
export class Bulkhead {
  readonly #maxInFlight: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;

  constructor(maxInFlight: number, maxWaiting: number) {
    this.#maxInFlight = maxInFlight;
    this.#maxWaiting = maxWaiting;
  }

  /** Runs `work` when there is room. `turnedAway` makes the error when there is none within `waitMs`. */
  run<T>(work: () => Promise<T>, waitMs: number, turnedAway: () => Error): Promise<T> {
    if (this.#inFlight < this.#maxInFlight) {
      this.#inFlight += 1;
      return this.#inside(work);
    }
    return this.#queue(waitMs, turnedAway).then(() => this.#inside(work));
  }

  async #inside<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #queue(waitMs: number, turnedAway: () => Error): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) return Promise.reject(turnedAway());
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(turnedAway());
      }, waitMs);
      this.#waiting.push(enter);
    });
  }

  /** Whoever waits takes the place of who leaves. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inFlight -= 1;
    else next();
  }
}
