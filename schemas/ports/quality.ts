import type { Verdict } from '../vocabulary.js';

/** One broken rule. Never holds a value. */
export interface Finding {
  /** Stable id: `<contract>.<type>.<field>#<rule>`. */
  readonly rule: string;
  /** ODCS dimension. */
  readonly dimension:
    'accuracy' | 'completeness' | 'conformity' | 'consistency' | 'coverage' | 'timeliness' | 'uniqueness';
  readonly severity: 'info' | 'warning' | 'error';
  /** Field of the record that the finding is about; empty for the record as a whole. */
  readonly field: string;
}

export interface RecordVerdict {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/**
 * The compiled check of one record type for one set of fields.
 *
 * Contract: pure and synchronous. It does not keep or change a record, and it can judge any value that a
 * register sends. A check that throws is a fault of the gateway: the executor releases nothing.
 */
export interface RecordCheck {
  /**
   * Judges one record, given with exactly the fields that were granted and fetched, by field name.
   * A rule with other inputs is not part of the check, independent of what the register holds.
   */
  check(record: Readonly<Record<string, unknown>>): RecordVerdict;
  /** Fields without which a record of this type is of no use: a wrong value in one of them rejects the record. */
  readonly critical: ReadonlySet<string>;
}

/** Compiled contracts of all registers. Any number of requests may use them at once. Nothing here fails after start. */
export interface Quality {
  /** Returns the check for these fields of a type, or undefined if the contract does not describe the type. The order of the fields does not matter. */
  prepare(register: string, type: string, fields: readonly string[]): RecordCheck | undefined;
  /** Version of a register's contract, for provenance. */
  contractVersion(register: string): string;
}
