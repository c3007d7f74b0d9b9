import type { SelectedField } from '../port.js';
import type { RestSource } from './source.js';
import { compileReadRecord, selectsLess, type ReadRecord, type RegisterRecord } from '../mapping/read-record.js';
import { ownMember } from '../../schemas/objects.js';

/** The selected fields of a record, compiled. */
export interface PreparedRecord {
  readonly read: ReadRecord;
  /** Members that are requested. Undefined if the register always sends whole records. */
  readonly members: readonly string[] | undefined;
  readonly readsLess: boolean;
}

/** Compiles the selected fields of a record. Throws if the mapping cannot serve them. */
export function prepareRecord(source: RestSource, type: string, fields: readonly SelectedField[]): PreparedRecord {
  const read = compileReadRecord(source, type, fields);
  const members = source.select === undefined ? undefined : membersOf(source, type, fields);
  return { read, members, readsLess: selectsLess(source, type, fields, members !== undefined) };
}

/** Returns the names in order, so that equal selections are equal texts. The key is always among them. */
function membersOf({ types, read }: RestSource, type: string, fields: readonly SelectedField[]): readonly string[] {
  const mapped = ownMember(types, type)?.fields ?? {};
  const paths = fields.flatMap(({ name }) => {
    const field = ownMember(mapped, name);
    if (field === undefined) return [];
    if (typeof field === 'string') return [field];
    return 'path' in field ? [field.path] : [];
  });
  return [...new Set([read.key, ...paths.map((path) => path.split('.', 1)[0] ?? path)])].sort();
}

/** Whether a record holds more than the selection. */
export function holdsMore(record: RegisterRecord, { members, readsLess }: PreparedRecord): boolean {
  return readsLess || (members !== undefined && Object.keys(record).some((member) => !members.includes(member)));
}
