import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../schemas/vocabulary.js';

/**
 * Agreements and consent records (GovStack Consent building block: agreement, consent record,
 * revision, evidence).
 *
 * Contract: subjects are kept as keyed tokens, never as numbers. Every change is a new revision
 * with its evidence; revisions are never changed. `withdraw` is effective when it resolves:
 * no answer that relied on an earlier revision is recorded after it (see {@link ConsentGuard}).
 */
export interface ConsentStore {
  /**
   * By subject, the states of their consents for this agency, purpose and case at real time now,
   * latest change first; a subject without any is absent. One statement.
   */
  states(question: ConsentQuestion): Promise<ReadonlyMap<string, readonly ConsentState[]>>;
  give(consent: NewConsent): Promise<ConsentRecord>;
  /** Rejects with `ConsentNotFound` when the record is not this subject's, whether it exists or not. */
  withdraw(consentId: string, subject: string, evidence: Evidence): Promise<ConsentRecord>;
  list(subject: string): Promise<readonly ConsentRecord[]>;
}

export interface ConsentQuestion {
  readonly agency: string;
  readonly purpose: string;
  readonly caseNumber: string | undefined;
  readonly subjects: readonly string[];
}

/** In force or not, for the categories it names. */
export interface ConsentState extends ConsentClaim {
  readonly categories: readonly string[];
  readonly status: 'given' | 'withdrawn' | 'expired';
}

export interface NewConsent {
  readonly subject: string;
  readonly agency: string;
  readonly purpose: string;
  /** Absent: any case of this agency and purpose. */
  readonly caseNumber?: string;
  readonly categories: readonly string[];
  /** Real time, ISO. */
  readonly validUntil: string;
  readonly evidence: Evidence;
}

/** The citizen's own act that proves a revision. */
export interface Evidence {
  /** Issuer of the token with which the citizen acted. */
  readonly issuer: string;
  /** SHA-256 of the token's `jti`, hex. */
  readonly tokenHash: string;
  readonly assurance: string;
  /** Request id under which the act is in the audit log. */
  readonly requestId: string;
}

export interface ConsentRecord {
  readonly id: string;
  readonly revision: number;
  readonly agency: string;
  readonly purpose: string;
  readonly caseNumber?: string;
  readonly categories: readonly string[];
  readonly status: 'given' | 'withdrawn' | 'expired';
  readonly givenAt: string;
  readonly validUntil: string;
  readonly withdrawnAt?: string;
}

/**
 * Says which claims are no longer current, inside the transaction that records the completion, and
 * holds the others until that transaction ends: a withdrawal waits for it or is seen by it.
 */
export type ConsentGuard = (tx: SqlExecutor, claims: readonly ConsentClaim[]) => Promise<readonly ConsentClaim[]>;
