import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { DocumentReach } from './reach.js';

/** What a document may reach: what it reached when it was first loaded, or what an officer approved since. */
export interface Approval {
  readonly fingerprint: string;
  readonly reach: DocumentReach;
  /** Id of the officer; null for the first load, which needs no officer. */
  readonly approvedBy: string | null;
  /** The officer withdrew what was approved before: the document may reach nothing. */
  readonly isWithdrawn: boolean;
}

/**
 * Approvals of trusted documents. Contract:
 *
 * - A change is written in the transaction of its caller and counts from the commit on. No approval is
 *   changed or deleted; the latest of a document counts.
 * - All replicas share the approvals. If several call `first` for one document, only one of the calls counts.
 * - A method rejects if the state cannot be reached. Then the caller must treat nothing as approved.
 */
export interface DocumentApprovals {
  /** Returns the latest approval of each of these documents that has one. */
  latest(names: readonly string[]): Promise<ReadonlyMap<string, Approval>>;
  /** Records what a document reaches when it is loaded for the first time. Rejects with `LoadedBefore` if it was loaded before. */
  first(tx: SqlExecutor, reach: DocumentReach): Promise<void>;
  /**
   * Records that an officer approves what a document reaches. What was approved of it before no longer
   * is: resolves with the number of this restriction, or undefined if nothing else was approved.
   */
  approve(tx: SqlExecutor, reach: DocumentReach, officer: string): Promise<number | undefined>;
  /** Records that an officer withdraws what was approved last. Resolves with the number of the restriction. */
  withdraw(tx: SqlExecutor, approved: DocumentReach, officer: string): Promise<number>;
}

/** Another replica, or this one, has loaded the document before. */
export class LoadedBefore extends Error {
  constructor() {
    super('the document was loaded before');
    this.name = 'LoadedBefore';
  }
}
