import { LRUCache } from 'lru-cache';
import type { Claimant, FairShare } from '../../schemas/fair-share.js';
import { Refusal } from '../../schemas/refusal.js';

/** What is to be prepared, and for which caller. */
export interface Preparing<T> {
  /** Equal keys, equal results. */
  readonly key: string;
  readonly claimant: Claimant;
  /** Is called at most once, when the caller's turn comes and no one else has prepared it by then. */
  readonly prepare: () => Promise<T>;
}

/**
 * Prepares results in places that are shared out by caller, and keeps them. What is under way is shared by all who ask
 * for it. What waits is not: each caller waits in its own turn, so no one waits, or is refused, because of how much
 * another asks for. Failures are not kept, so they cannot displace a result.
 */
export class PreparedOnce<T extends object | true> {
  readonly #places: FairShare;
  readonly #kept: LRUCache<string, T>;
  readonly #underWay = new Map<string, Promise<T>>();
  /** By caller and key. */
  readonly #waiting = new Map<string, Promise<T>>();

  /** @param max results that are kept. */
  constructor(places: FairShare, max: number) {
    this.#places = places;
    this.#kept = new LRUCache({ max });
  }

  /**
   * Returns the result if it is kept. Otherwise resolves with it once it is prepared, and rejects as `prepare` does.
   *
   * @throws Refusal `OVERLOADED` if too many wait.
   */
  get(preparing: Preparing<T>): T | Promise<T> {
    const { key, claimant } = preparing;
    const found = this.#find(key);
    if (found !== undefined) return found;
    const turn = JSON.stringify([claimant.caller, claimant.member, key]);
    let waiting = this.#waiting.get(turn);
    if (waiting === undefined) {
      waiting = this.#places
        .run(async () => this.#find(key) ?? this.#begin(preparing), {
          claimant,
          turnedAway: () => new Refusal('OVERLOADED', { reasons: ['planning'] }),
        })
        .finally(() => this.#waiting.delete(turn));
      this.#waiting.set(turn, waiting);
    }
    return waiting;
  }

  #find(key: string): T | Promise<T> | undefined {
    return this.#kept.get(key) ?? this.#underWay.get(key);
  }

  #begin({ key, prepare }: Preparing<T>): Promise<T> {
    const begun = prepare()
      .then((result) => {
        this.#kept.set(key, result);
        return result;
      })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, begun);
    return begun;
  }
}
