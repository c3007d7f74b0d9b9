import type { DocumentReach } from './reach.js';

/** What a document may reach: what it reached when it was first loaded, or what an officer approved since. */
export interface Approval {
  readonly fingerprint: string;
  readonly reach: DocumentReach;
  /** Id of the officer; null for the first load, which needs no officer. */
  readonly approvedBy: string | null;
}

/**
 * Approvals of trusted documents. Contract:
 *
 * - An approval is durable before its promise resolves. No approval is changed or deleted; the latest of
 *   a document counts.
 * - All replicas share the approvals. If several call `first` for one document, only one of the calls counts.
 * - A method rejects if the state cannot be reached. Then the caller must treat nothing as approved.
 */
export interface DocumentApprovals {
  /** Returns the latest approval of each of these documents that has one. */
  latest(names: readonly string[]): Promise<ReadonlyMap<string, Approval>>;
  /** Records what a document reaches when it is loaded for the first time. Does nothing if it was loaded before. */
  first(reach: DocumentReach): Promise<void>;
  /** Records that an officer approves what a document reaches. */
  approve(reach: DocumentReach, officer: string): Promise<void>;
}
