import type { OnFinding } from '../../mapping/compile-record.js';
import type { BeyondFinder } from '../../mapping/unread.js';
import type { FailureReason } from '../../../schemas/failures/register-failure.js';
import type { SelectedField } from '../../port.js';
import type { KeyColumn } from '../key-column.js';
import type { Row } from '../reader/sql-reader.js';

/** Called for a field whose value cannot be read. The path is below the row. */
export type OnFault = (path: readonly (string | number)[], reason: FailureReason) => void;

/** A statement that reads rows by key. Parts with the same text share its rows. */
export interface TableStatement {
  readonly text: string;
  readonly keys: readonly KeyColumn[];
  /** Whether values are decoded by the types of their columns. Otherwise each is a text or null. */
  readonly isTyped: boolean;
}

/** What is read of one table for the keys of a selection. */
export interface TablePart {
  readonly statement: TableStatement;
  /** Whether a key has any number of rows. Otherwise it has one or none. */
  readonly isList: boolean;
  readonly read: (row: Row, onFault: OnFault, onFinding?: OnFinding) => Record<string, unknown>;
  /** Finds what a row holds beyond the selection. Undefined if rows hold nothing but what was selected. */
  readonly findBeyond: ((row: Row, into: BeyondFinder) => void) | undefined;
  /** Conversions that the mapping declares, in words. */
  readonly converted: readonly string[];
}

/** A field that is in another table than the record. */
export interface FieldPart extends TablePart {
  readonly responseKey: string;
}

/** The selected fields of an entity type, compiled. */
export interface PreparedType {
  readonly type: string;
  /** Fields of the key, in the order of its columns. */
  readonly keyNames: readonly string[];
  /** Whether a value of the key may be a number. */
  readonly takesNumbers: boolean;
  /** Selected fields that the key itself answers, and `__typename`. */
  readonly ofKey: readonly SelectedField[];
  /** Undefined if every key has a record, because no selected field is in a table of records. */
  readonly record: TablePart | undefined;
  readonly fields: readonly FieldPart[];
}
