import type { SelectedField } from '../port.js';
import type { RestSource } from './source.js';
import { compileRecord, type ReadRecord, type RegisterRecord } from '../mapping/compile-record.js';
import type { Path } from '../mapping/path.js';
import { selectsLess } from '../mapping/selects-less.js';

/** The selected fields of a record, compiled. */
export interface PreparedRecord {
  readonly read: ReadRecord;
  /** Members that are requested. Undefined if the register always sends whole records. */
  readonly members: readonly string[] | undefined;
  readonly readsLess: boolean;
}

/** Compiles the selected fields of a record. Throws if the mapping cannot serve them. */
export function prepareRecord(source: RestSource, type: string, fields: readonly SelectedField[]): PreparedRecord {
  const { read, paths } = compileRecord(source.types, type, fields);
  const members = source.select === undefined ? undefined : membersOf(source.read.key, paths);
  return { read, members, readsLess: selectsLess(source.types, type, fields, members !== undefined) };
}

/** Returns the names in order, so that equal selections are equal texts. The key is always among them. */
function membersOf(key: string, paths: readonly Path[]): readonly string[] {
  return [...new Set([key, ...paths.map(([member = '']) => String(member))])].sort();
}

/** Whether a record holds more than the selection. */
export function holdsMore(record: RegisterRecord, { members, readsLess }: PreparedRecord): boolean {
  return readsLess || (members !== undefined && Object.keys(record).some((member) => !members.includes(member)));
}
