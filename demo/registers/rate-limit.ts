/** Lets a fixed number of calls through in each second. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #now: () => number;
  #second = -1;
  #taken = 0;

  /** `now` in milliseconds. */
  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /** Takes a place in the present second; false when there is none left. */
  take(): boolean {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) [this.#second, this.#taken] = [second, 0];
    this.#taken += 1;
    return this.#taken <= this.#perSecond;
  }
}
