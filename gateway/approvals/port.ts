import type { DocumentReach } from './reach.js';

/** What counts for a document: as it was first loaded, or as an officer approved it since. */
export interface Approval {
  readonly fingerprint: string;
  readonly reach: DocumentReach;
  /** Id of the officer; null: nobody was asked, it was the first. */
  readonly approvedBy: string | null;
}

/**
 * Approvals of trusted documents. Contract: durable before a promise resolves; shared by all replicas,
 * of which only one's `first` counts; nothing is ever changed or forgotten, the latest counts. Rejects
 * when the state cannot be reached, and then nothing counts as approved.
 */
export interface DocumentApprovals {
  /** The latest of each of these documents that has one. */
  latest(names: readonly string[]): Promise<ReadonlyMap<string, Approval>>;
  /** Notes what a document reaches that was never loaded before; does nothing for one that was. */
  first(reach: DocumentReach): Promise<void>;
  approve(reach: DocumentReach, officer: string): Promise<void>;
}
