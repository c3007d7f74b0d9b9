import { FairShare, type Claimant } from '../../schemas/fair-share.js';
import { Refusal } from '../../schemas/refusal.js';

/** Longest wait for a slot, in milliseconds. A caller who waits longer is better told to come back. */
const WAIT_MS = 1_000;

/** Limits the questions and acts of known callers that are worked on at once, and shares that number out by caller. */
export class Slots {
  readonly #share: FairShare;

  /** @param max slots; as many requests may wait for one. */
  constructor(max: number) {
    this.#share = new FairShare({ places: max, maxWaiting: max, givesWay: 'largest' });
  }

  /**
   * Takes a slot, or waits for one. Resolves with the function that frees it; further calls of that
   * function do nothing.
   *
   * @param signal aborted when the client goes away.
   * @throws Refusal `OVERLOADED` if the caller gets none, `CLIENT_GONE` if the client goes away while it waits.
   */
  enter(claimant: Claimant, signal: AbortSignal): Promise<() => void> {
    return this.#share.enter({
      claimant,
      signal,
      waitMs: WAIT_MS,
      turnedAway: () =>
        signal.aborted ? new Refusal('CLIENT_GONE') : new Refusal('OVERLOADED', { reasons: ['in_flight'] }),
    });
  }
}
