import type { SelectedField } from '../port.js';
import { compileRecord, type CompiledRecord, type RegisterRecord } from '../mapping/compile-record.js';
import type { MappedTypes } from '../mapping/mapped-field.js';
import { selectsLess } from '../mapping/selects-less.js';

/** What is requested of a record. */
export interface Selection {
  /** In the form in which the register takes them, in order, so that equal selections are equal texts. */
  readonly members: readonly string[];
  /** Names of the members that a record then has. */
  readonly names: ReadonlySet<string>;
}

/** Returns what is requested of a record for a selection. `always`: members that are requested in any case. */
export type SelectMembers = (
  types: MappedTypes,
  type: string,
  fields: readonly SelectedField[],
  always: readonly string[],
) => Selection;

/** The selected fields of a record, compiled. */
export interface PreparedRecord extends CompiledRecord {
  /** Members that are requested. Undefined if the register always sends whole records. */
  readonly members: readonly string[] | undefined;
  readonly names: ReadonlySet<string> | undefined;
  readonly readsLess: boolean;
}

export interface RecordSelection {
  readonly types: MappedTypes;
  readonly type: string;
  readonly fields: readonly SelectedField[];
  /** Members that are requested always, where only some are. Undefined if the register always sends whole records. */
  readonly always: readonly string[] | undefined;
  readonly select: SelectMembers;
}

/** Compiles the selected fields of a record. Throws if the mapping cannot serve them. */
export function prepareRecord({ types, type, fields, always, select }: RecordSelection): PreparedRecord {
  const selection = always && select(types, type, fields, always);
  return {
    ...compileRecord(types, type, fields),
    members: selection?.members,
    names: selection?.names,
    readsLess: selectsLess(types, type, fields, selection !== undefined),
  };
}

/** Selects members of the record by their names. */
export const selectByName: SelectMembers = (types, type, fields, always) => {
  const { paths } = compileRecord(types, type, fields);
  const names = new Set([...always, ...paths.map(([member = '']) => String(member))]);
  return { members: [...names].sort(), names };
};

/** Whether a record holds more than the selection. */
export function holdsMore(record: RegisterRecord, { names, readsLess }: PreparedRecord): boolean {
  return readsLess || (names !== undefined && Object.keys(record).some((member) => !names.has(member)));
}
