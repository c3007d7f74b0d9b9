import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { Case } from '../../schemas/vocabulary.js';

/**
 * Handles: short-lived references to one person for one case, purpose and receiving caller.
 *
 * Contract: a handle cannot be guessed (256 bit). The store keeps only its hash, and the number only
 * sealed under the key of the installation. `resolve` returns the number only for the receiver, purpose
 * and case of the handle, and before its end; otherwise undefined, without saying which condition failed.
 */
export interface Handles {
  /** Writes in the transaction of its caller. The handle resolves from the commit on. */
  issue(tx: SqlExecutor, issue: HandleIssue): Promise<IssuedHandle>;
  resolve(question: HandleQuestion): Promise<string | undefined>;
  /**
   * Returns the people that these handles are about, for any receiver and also after their end, as long as they
   * are stored. For the audit log only: a caller must not learn whether there are any.
   */
  people(handles: readonly string[]): Promise<readonly string[]>;
}

export interface HandleIssue {
  readonly subject: string;
  readonly issuedBy: string;
  /** Client id of the receiving caller. */
  readonly receiver: string;
  readonly purpose: string;
  readonly case: Case;
}

export interface IssuedHandle {
  readonly handle: string;
  /** Real time, ISO. */
  readonly expiresAt: string;
}

export interface HandleQuestion {
  readonly handle: string;
  readonly receiver: string;
  readonly purpose: string;
  readonly case: Case;
}

/** Computes a derived field from its sources. Undefined sources give null. Pure. */
export type Derive = (
  sources: Readonly<Record<string, unknown>>,
  context: { readonly factDate: string; readonly receiver: string; readonly caseNumber: string },
) => unknown;
