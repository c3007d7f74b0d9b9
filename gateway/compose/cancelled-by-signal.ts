/** Work that can be broken off. */
export interface Cancellable {
  /** Called once at most. */
  cancel(): void;
}

/**
 * What is cancelled when a signal is aborted. All that is under way for one signal shares one listener on it, which stays
 * as long as the signal: for a short call, a listener of its own costs about as much as its headers.
 */
export class CancelledBySignal {
  readonly #underWay = new WeakMap<AbortSignal, Set<Cancellable>>();

  /**
   * Adds work that is cancelled when the signal is aborted, and returns the set that it has to be taken out of when it has
   * ended. The signal must not be aborted yet.
   */
  add(work: Cancellable, signal: AbortSignal): Set<Cancellable> {
    let underWay = this.#underWay.get(signal);
    if (underWay === undefined) this.#underWay.set(signal, (underWay = listen(signal)));
    underWay.add(work);
    return underWay;
  }
}

function listen(signal: AbortSignal): Set<Cancellable> {
  const underWay = new Set<Cancellable>();
  const cancelAll = (): void => {
    for (const work of [...underWay]) work.cancel();
  };
  signal.addEventListener('abort', cancelAll, { once: true });
  return underWay;
}
