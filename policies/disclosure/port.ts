import type { Case } from '../../schemas/vocabulary.js';

/**
 * Handles: short-lived references to one person for one case, purpose and receiving caller.
 *
 * Contract: unguessable (256 bit), only its hash is stored, the number only sealed under the
 * installation's key; `resolve` answers only for the receiver, purpose and case it was issued for
 * and before it ends, in every other case with undefined and no hint which condition failed.
 */
export interface Handles {
  issue(issue: HandleIssue): Promise<IssuedHandle>;
  resolve(question: HandleQuestion): Promise<string | undefined>;
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

/** Computes a derived field from its sources; undefined sources give null. Pure. */
export type Derive = (
  sources: Readonly<Record<string, unknown>>,
  context: { readonly factDate: string; readonly receiver: string; readonly caseNumber: string },
) => unknown;
