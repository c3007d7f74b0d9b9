/** Told why an execution was cancelled. */
export type OnCancelled = (reason: Error) => void;

/**
 * The cancellation of one execution: one listener on its signal for all of its calls, since a
 * listener costs more than what most calls do with it. To be ended with the execution.
 */
export class Cancellation {
  readonly #signal: AbortSignal | undefined;
  readonly #waiting = new Set<OnCancelled>();
  readonly #onAbort = (): void => {
    const reason = this.#signal?.reason as Error;
    for (const tell of [...this.#waiting]) tell(reason);
  };

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Returns what ends the waiting. The signal must not be aborted yet. */
  whenCancelled(tell: OnCancelled): () => void {
    this.#waiting.add(tell);
    return () => void this.#waiting.delete(tell);
  }

  end(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
