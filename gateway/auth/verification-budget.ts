import { FairShare } from '../../schemas/fair-share.js';
import { Refusal } from '../../schemas/refusal.js';

/** On whose behalf something is verified. */
export interface Verification {
  /** Work of one party is counted together: of one source before a token is verified, of one client afterwards. */
  readonly party: string;
  /** Aborted when the client goes away: what waits is given up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What may be verified at once, and what may wait for it. Shared out by party: many tokens from one
 * source do not hold up a token from another. Where too many wait, the one that has waited longest
 * gives way, never the newcomer.
 */
export interface VerificationBudget {
  /**
   * Runs `verify` when its turn comes.
   *
   * @throws Refusal `OVERLOADED` if it waited too long or gave way.
   */
  spend<T>(verify: () => Promise<T>, verification: Verification): Promise<T>;
}

export interface BudgetOptions {
  readonly places: number;
  readonly maxWaiting: number;
  readonly maxWaitingEach: number;
  /** Longest wait, in milliseconds. */
  readonly waitMs: number;
}

export function createVerificationBudget({ waitMs, ...bounds }: BudgetOptions): VerificationBudget {
  const share = new FairShare({ ...bounds, givesWay: 'longest' });
  const turnedAway = (): Refusal => new Refusal('OVERLOADED', { reasons: ['verification'] });
  return {
    spend: (verify, { party, signal }) =>
      share.run(verify, { claimant: { caller: party, weight: 1 }, signal, waitMs, turnedAway }),
  };
}

/** Signatures: a little more than the threads that check them. They take less than a millisecond each. */
export const SIGNATURES: BudgetOptions = { places: 8, maxWaiting: 512, maxWaitingEach: 64, waitMs: 2_000 };

/** Tokens that wait until the keys of their issuer have been fetched. */
export const KEY_FETCHES: BudgetOptions = { places: 64, maxWaiting: 256, maxWaitingEach: 32, waitMs: 2_000 };
