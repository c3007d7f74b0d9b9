import type { ProofUse } from '../../schemas/ports/proof-use.js';
import { SqlFailure, type SqlExecutor, type StatementPart } from '../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../schemas/vocabulary.js';
import type { LastSeen } from '../write-watch.js';
import type { EntryDraft } from './entries.js';

/**
 * The audit log of this replica: append only, durable, tamper-evident.
 *
 * Contract
 * - `append` resolves only after the entry is committed and on disk; entries of concurrent callers
 *   are committed in groups, in the order in which they came.
 * - With `claims`: the entry commits only if every claim is still current, in the same transaction;
 *   else it rejects with {@link ClaimsStale} and nothing was written.
 * - With `use`: the entry commits together with the first use of the proof. If the proof was used before, on whichever
 *   replica, it rejects with {@link ProofUsedBefore} and nothing was written.
 * - Failure: rejects with {@link AuditUnavailable} if the entry was not written *or may have been
 *   written but the reply was lost*; the caller releases nothing. If the log is fenced (leased to
 *   another process), every append fails until a log is claimed again.
 * - A draft that cannot be an entry (of more than 65,535 bytes, not JSON) rejects with `RangeError` or `TypeError`.
 * - An intent without a completion is closed with outcome `unknown` when its process is gone or its
 *   append was rejected. If the process is alive after all, its own completion may follow.
 * - Bounded: `append` rejects if the queue is full or the commit takes longer than the limit. It never
 *   waits without end.
 * - `appendChange` makes a change of the state and appends its entry in one transaction of their own, in
 *   the order of the other entries. Either both are committed or neither is. What the change or its entry
 *   throws is rejected with as it is; nothing was written then, and the log goes on. For everything else
 *   it fails like `append`: after {@link AuditUnavailable} with `outcome: 'unknown'`, change and entry may
 *   both be there.
 */
export interface AuditLog {
  append(entry: EntryDraft, options?: AppendOptions): Promise<Appended>;
  appendChange<Result>(change: StateChange<Result>): Promise<AppendedChange<Result>>;
  /**
   * Returns whether the last append, or write of the same shape, has committed, and how long ago. Not ok
   * from a failed append on until one succeeds. Never touches the database.
   */
  lastSeen(): LastSeen;
  close(): Promise<void>;
}

export interface AppendOptions {
  /** Consents that must be current. */
  readonly claims?: readonly ConsentClaim[] | undefined;
  /** A proof that is used for the first time with this entry. */
  readonly use?: ProofUse | undefined;
}

export interface Appended {
  /** Name of the log in the database, `tereze/0`. */
  readonly log: string;
  /** Name of the log for others, `log.example.kz/tereze/0`: receipts have it. Absent if the installation has no name. */
  readonly publicLog?: string;
  /** Position in the log, from 0. */
  readonly index: number;
  /** SHA-256(0x00 ‖ bytes), hex. */
  readonly leafHash: string;
  /** Set where the installation accepts that a lost server loses entries. */
  readonly durability?: 'single_node';
  /** Set where no one outside proves the log. */
  readonly anchor?: 'none';
}

/** A change of the state, and the entry about it. */
export interface StateChange<Result> {
  readonly requestId: string;
  /** Makes the change. Its statements run while other entries of this replica wait, so they must be few. */
  readonly apply: (tx: SqlExecutor) => Promise<Result>;
  /** Returns the entry, which states what the change resulted in. */
  readonly entry: (result: Result) => EntryDraft;
}

export interface AppendedChange<Result> extends Appended {
  readonly result: Result;
}

/** Resolves with the claims that are no longer current. Locks the others until the transaction ends. */
export type ClaimGuard = (tx: SqlExecutor, claims: readonly ConsentClaim[]) => Promise<readonly ConsentClaim[]>;

/**
 * The part of an append that holds the consents with these ids: `SELECT consent_id::text, revision ... FOR SHARE` of those
 * that are in force until the append has surely ended. It may leave out one that is in force, and never holds one that
 * is not: if a claim is missing, nothing is appended, and {@link ClaimGuard} decides.
 */
export type HeldClaims = StatementPart<readonly string[]>;

/**
 * The part of an append that notes proofs as used: `INSERT ... RETURNING hash` of those that were not used before. It
 * waits for another statement that notes one of them.
 */
export type FirstUses = StatementPart<readonly ProofUse[]>;

export class AuditUnavailable extends Error {
  /** Whether the entry may be in the log although this says otherwise. */
  readonly outcome: SqlFailure['outcome'];
  constructor({ cause, outcome }: { cause?: unknown; outcome?: SqlFailure['outcome'] } = {}) {
    super('the audit log cannot be written', { cause });
    this.name = 'AuditUnavailable';
    this.outcome = outcome ?? (cause instanceof SqlFailure ? cause.outcome : 'not_done');
  }
}

export class ClaimsStale extends Error {
  readonly claims: readonly ConsentClaim[];
  constructor(claims: readonly ConsentClaim[]) {
    super('a consent that this answer relied on is no longer current');
    this.name = 'ClaimsStale';
    this.claims = claims;
  }
}

/** The proof with which an entry was to be appended has been used before. */
export class ProofUsedBefore extends Error {
  constructor() {
    super('the proof was used before');
    this.name = 'ProofUsedBefore';
  }
}
