import type { SelectedField } from '../port.js';
import { compileRecord, type CompiledRecord, type RegisterRecord } from '../mapping/compile-record.js';
import type { MappedTypes } from '../mapping/mapped-field.js';
import { selectsLess } from '../mapping/selects-less.js';

/** The selected fields of a record, compiled. */
export interface PreparedRecord extends CompiledRecord {
  /** Members that are requested. Undefined if the register always sends whole records. */
  readonly members: readonly string[] | undefined;
  readonly readsLess: boolean;
}

export interface RecordSelection {
  readonly types: MappedTypes;
  readonly type: string;
  readonly fields: readonly SelectedField[];
  /** Members that are requested always, where only some are. Undefined if the register always sends whole records. */
  readonly always: readonly string[] | undefined;
}

/** Compiles the selected fields of a record. Throws if the mapping cannot serve them. */
export function prepareRecord({ types, type, fields, always }: RecordSelection): PreparedRecord {
  const compiled = compileRecord(types, type, fields);
  // The names are in order, so that equal selections are equal texts.
  const members = always && [...new Set([...always, ...compiled.paths.map(([member = '']) => String(member))])].sort();
  return { ...compiled, members, readsLess: selectsLess(types, type, fields, members !== undefined) };
}

/** Whether a record holds more than the selection. */
export function holdsMore(record: RegisterRecord, { members, readsLess }: PreparedRecord): boolean {
  return readsLess || (members !== undefined && Object.keys(record).some((member) => !members.includes(member)));
}
