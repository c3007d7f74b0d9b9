import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../schemas/vocabulary.js';

/**
 * Agreements and consent records (GovStack Consent building block: agreement, consent record,
 * revision, evidence).
 *
 * Contract: subjects are kept as keyed tokens, never as numbers. Every change is a new revision
 * with its evidence; revisions are never changed. `give` and `withdraw` write in the transaction of
 * their caller. A withdrawal is effective when that transaction is committed: no answer that relied on an
 * earlier revision is recorded after it (see {@link ConsentGuard}). What takes something away is noted
 * as a restriction in the same transaction.
 */
export interface ConsentStore {
  /**
   * Returns by subject what their consents for this agency, purpose and case say of each category at this moment of
   * real time, the latest change first. A subject without such consents is absent. One statement, whose cost does not
   * depend on how many consents there are: of each case and category, the one in force that ends last and the one that was
   * changed last.
   */
  states(question: ConsentQuestion): Promise<ReadonlyMap<string, readonly ConsentState[]>>;
  give(tx: SqlExecutor, consent: NewConsent): Promise<ChangedConsent>;
  /**
   * Withdraws a consent; a consent that is withdrawn stays as it is. Rejects with `ConsentNotFound` when
   * the record is not this subject's, whether it exists or not.
   */
  withdraw(tx: SqlExecutor, withdrawal: ConsentAct): Promise<ChangedConsent>;
  /**
   * Puts a suspended consent in force again; a consent in force stays as it is. Rejects with
   * `ConsentNotFound` like `withdraw`, and with a `Refusal` that says why a consent that has ended cannot
   * be confirmed.
   */
  confirm(tx: SqlExecutor, confirmation: ConsentAct): Promise<ChangedConsent>;
  /** Returns a page of the subject's consents. One statement. */
  list(subject: string, page: PageRequest): Promise<ConsentPage>;
}

/** Which page of a list is asked for. */
export interface PageRequest {
  /** Consents on a page at most. */
  readonly limit: number;
  /** `next` of the page before. Absent: the first page. */
  readonly after?: string;
}

/** A page of a person's consents, the newest first: by when each was given first, which never changes. */
export interface ConsentPage {
  readonly consents: readonly ConsentRecord[];
  /** Opaque: where the next page starts. Absent on the last page. */
  readonly next?: string;
}

/** A consent after a change. */
export interface ChangedConsent {
  readonly record: ConsentRecord;
  /** Number of the restriction, if the change took something away: now, or when it was made first. */
  readonly restriction: number | undefined;
}

/** What a person does with one of their own consents. */
export interface ConsentAct {
  readonly consentId: string;
  readonly subject: string;
  readonly evidence: Evidence;
}

export interface ConsentQuestion {
  readonly agency: string;
  readonly purpose: string;
  readonly caseNumber: string | undefined;
  readonly subjects: readonly string[];
  /** By category: the fields of it that are to be read, as coordinates (`Type.field`). No other category is looked up. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
}

/**
 * Only `given` opens anything. `suspended`: after a part of the state was lost it is not known whether
 * the citizen withdrew the consent; the citizen can confirm it.
 */
export type ConsentStatus = 'given' | 'suspended' | 'withdrawn' | 'expired';

/** What one consent says of categories that were asked. `outgrown`: it is in force, but its text does not cover what is to be read. */
export interface ConsentState extends ConsentClaim {
  readonly categories: readonly string[];
  readonly status: ConsentStatus | 'outgrown';
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

/** Proves a revision by the citizen's own act. */
export interface Evidence {
  /** Issuer of the token with which the citizen acted. */
  readonly issuer: string;
  /** SHA-256 of the token's `jti`, hex. */
  readonly tokenHash: string;
  /** How the issuer authenticated the citizen: the `acr` of the token, as it is. */
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
  readonly status: ConsentStatus;
  readonly givenAt: string;
  readonly validUntil: string;
  readonly withdrawnAt?: string;
}

/**
 * Returns the claims that are no longer current. Runs inside the transaction that records the
 * completion and locks the other claims until that transaction ends: a withdrawal either waits for the
 * transaction or is seen by it.
 */
export type ConsentGuard = (tx: SqlExecutor, claims: readonly ConsentClaim[]) => Promise<readonly ConsentClaim[]>;
