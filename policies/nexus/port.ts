import type { Case } from '../../schemas/vocabulary.js';

/**
 * Reads the facts that tie a person to a case (applications, lists) from the agency that leads the case.
 *
 * Contract: reads only; one call for many subjects; identifiers travel in bodies. Rejects when the agency
 * cannot be asked in time (the subjects then have no nexus: fail closed).
 */
export interface Nexus {
  facts(question: NexusQuestion): Promise<ReadonlyMap<string, readonly NexusFact[]>>;
}

export interface NexusQuestion {
  readonly case: Case;
  readonly purpose: string;
  /** Identifiers. */
  readonly subjects: readonly string[];
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
}

/** The subject filed the application of the case, or is on the list that the case works through. */
export interface NexusFact {
  readonly kind: 'application' | 'list';
  /** Reference of the application or list entry at the agency; no personal data. */
  readonly reference: string;
}
