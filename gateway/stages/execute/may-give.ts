import type { Fence } from '../../../schemas/ports/restrictions.js';
import { Refusal } from '../../../schemas/refusal.js';

export interface FenceDependencies {
  /** Undefined if nothing is kept outside the database. */
  readonly fence: Fence | undefined;
}

/**
 * Refuses what gives a caller more while no place outside the database can be written: after a rollback
 * no one could say what was given, and what was taken away since.
 *
 * @throws Refusal `FENCE_UNAVAILABLE`
 */
export function assertMayGive({ fence }: FenceDependencies): void {
  if (fence?.canFence() === false) throw new Refusal('FENCE_UNAVAILABLE');
}
