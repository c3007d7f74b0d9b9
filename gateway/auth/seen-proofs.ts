import { LRUCache } from 'lru-cache';

/** Proofs that are remembered: those of two minutes at 400 requests a second. About 200 bytes each. */
const MAX_PROOFS = 50_000;

/**
 * The proofs that this replica has seen lately, by hash. A proof that comes again is refused without a look into the
 * database, and before anything is done for it. A proof that is not here may have been used all the same: the database
 * knows. Bounded: the oldest are forgotten first.
 */
export class SeenProofs {
  readonly #hashes = new LRUCache<string, true>({ max: MAX_PROOFS });

  /** Returns false if the proof was seen before. */
  see(hash: string): boolean {
    if (this.#hashes.has(hash)) return false;
    this.#hashes.set(hash, true);
    return true;
  }

  /** Forgets a proof of which it is not known whether its use was noted. */
  forget(hash: string): void {
    this.#hashes.delete(hash);
  }
}
