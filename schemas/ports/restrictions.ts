import type { SqlExecutor } from './sql.js';

/** What a restriction takes away. `suspension` also stands for a consent that no one withdrew, but that must be confirmed. */
export type RestrictionKind = 'withdrawal' | 'suspension' | 'narrowing' | 'handle_ended' | 'approval_withdrawn';

/** A change that takes something away. It holds no identifier of a person and no category. */
export interface Restriction {
  readonly kind: RestrictionKind;
  /** Id of the consent, hash of the handle (hex), or name of the document. */
  readonly id: string;
  /** Revision of the consent that the change made, number of the approval; 0 for a handle. */
  readonly revision: number;
}

/** A restriction with its number. The first has number 1, and no number is left out. */
export interface NumberedRestriction extends Restriction {
  readonly number: number;
}

/**
 * Numbers restrictions in the database.
 *
 * Contract: `note` writes the restriction with the next number, in the transaction of the change. It
 * locks the counter until that transaction ends, so numbers have no gaps. It must be the last statement
 * of the change, so that other changes wait for as short a time as possible.
 */
export interface RestrictionCounter {
  note(tx: SqlExecutor, restriction: Restriction): Promise<number>;
  /**
   * Returns the number of the newest restriction of this id, or undefined if none is kept. One from before
   * the database was last accepted does not count: another history may have gone on after it.
   */
  noted(tx: SqlExecutor, id: string): Promise<number | undefined>;
}

/**
 * Keeps restrictions outside the database, so that a database that went back in time is noticed.
 *
 * Contract
 * - `fence` is called after the commit of the restriction with this number. It resolves with
 *   `fenced: true` once this number and all before it are synced in at least one place, and with
 *   `fenced: false` if no place can be written in time. Then the place is written as soon as it can be.
 *   It never rejects.
 * - `canFence` says whether a place could be written when last tried. What gives more is refused otherwise.
 */
export interface Fence {
  fence(number: number): Promise<{ readonly fenced: boolean }>;
  canFence(): boolean;
}
