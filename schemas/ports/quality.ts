import type { Verdict } from '../vocabulary.js';

/** One broken rule. Never holds a value. */
export interface Finding {
  /** Stable id: `<contract>.<type>.<field>#<rule>`. */
  readonly rule: string;
  /** ODCS dimension. */
  readonly dimension: 'accuracy' | 'completeness' | 'conformity' | 'consistency' | 'coverage' | 'timeliness' | 'uniqueness';
  readonly severity: 'info' | 'warning' | 'error';
  /** Field of the record that the finding is about; empty for the record as a whole. */
  readonly field: string;
}

export interface RecordVerdict {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** The compiled check of one record type for one set of fields. Pure and synchronous. */
export interface RecordCheck {
  /**
   * Judges one record, given with exactly the fields that were granted and fetched, by field name.
   * A rule whose inputs are not among them is not part of the check, whatever the register holds.
   */
  check(record: Readonly<Record<string, unknown>>): RecordVerdict;
}

/** Compiled contracts of all registers. */
export interface Quality {
  /** The check for these fields of a type, or undefined when the contract does not describe the type. Cached. */
  prepare(register: string, type: string, fields: readonly string[]): RecordCheck | undefined;
  /** Version of a register's contract, for provenance. */
  contractVersion(register: string): string;
}
