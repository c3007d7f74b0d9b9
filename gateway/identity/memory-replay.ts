import type { ProofUse } from '../../schemas/ports/proof-use.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { ReplayStore } from '../auth/replay.js';

/** Proofs that are remembered at most. More officers than that are not there. */
const MOST_PROOFS = 10_000;

/**
 * The proofs that one process has seen. A proof that could be used before the process began may have been used then, and
 * is refused: nothing needs to be kept over an end. Refuses when it is full.
 */
export class MemoryReplay implements ReplayStore {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #startedAt: number;
  readonly #ends = new Map<string, number>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#startedAt = clock.now().getTime();
  }

  async use({ hash, usableFrom, endsAt }: ProofUse): Promise<'first' | 'again'> {
    if (usableFrom.getTime() < this.#startedAt || this.#ends.has(hash)) return 'again';
    if (this.#ends.size >= MOST_PROOFS) this.#dropEnded();
    if (this.#ends.size >= MOST_PROOFS) throw new Refusal('OVERLOADED', { reasons: ['replay_store'] });
    this.#ends.set(hash, endsAt.getTime());
    return 'first';
  }

  #dropEnded(): void {
    const now = this.#clock.now().getTime();
    for (const [hash, end] of this.#ends) if (end < now) this.#ends.delete(hash);
  }
}
