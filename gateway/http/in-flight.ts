import { Refusal } from '../../schemas/refusal.js';

/** Counts the requests in progress, from their head to the end of their answer. Once closed, it refuses every further one. */
export class InFlight {
  readonly #waiting: (() => void)[] = [];
  #count = 0;
  #isClosed = false;

  get count(): number {
    return this.#count;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Counts a request in. Returns the function that counts it out, to be called when the answer has been
   * sent; further calls do nothing.
   *
   * @throws Refusal `SHUTTING_DOWN`.
   */
  enter(): () => void {
    if (this.#isClosed) throw new Refusal('SHUTTING_DOWN');
    this.#count += 1;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#leave();
    };
  }

  /** Refuses every further request. */
  close(): void {
    this.#isClosed = true;
  }

  /** Resolves when nothing is in flight. */
  idle(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    this.#count -= 1;
    if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
