import type { Case } from '../../schemas/vocabulary.js';

/**
 * Asks the agency that leads a case whether the case is open, and for the facts that tie people to it
 * (applications, lists).
 *
 * Contract: reads only; one call says both, for many subjects or for none; identifiers travel in bodies.
 * An agency without a case system knows no case. Rejects when the agency cannot be asked in time: then
 * nothing is known of the case (fail closed). Keeps no answer.
 */
export interface Nexus {
  facts(question: NexusQuestion): Promise<NexusAnswer>;
}

export interface NexusQuestion {
  readonly case: Case;
  readonly purpose: string;
  /** Identifiers. May be empty: then only the case is asked about. */
  readonly subjects: readonly string[];
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
}

export interface NexusAnswer {
  readonly status: CaseStatus;
  /** By identifier. They count only if the case is open. */
  readonly facts: ReadonlyMap<string, readonly NexusFact[]>;
  /** What was asked and answered, for the evidence in entries. Absent if no case system was asked. */
  readonly exchange?: NexusExchange;
}

/** The body of the question to a case system and that of its answer, as JSON values. They hold identifiers, and are never kept. */
export interface NexusExchange {
  readonly question: unknown;
  /** Whole, with members that mean nothing to the gateway. */
  readonly answer: unknown;
}

/**
 * What an agency says of a case for a purpose: `open` is worked on for it, `closed` was. `unknown`: this
 * agency leads no such case for this purpose.
 */
export const CASE_STATUSES = ['open', 'closed', 'unknown'] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

/** The subject filed the application of the case, or is on the list that the case works through. */
export interface NexusFact {
  readonly kind: 'application' | 'list';
  /** Reference of the application or list entry at the agency; no personal data. */
  readonly reference: string;
}
