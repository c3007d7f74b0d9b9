import type { SelectedField } from '../port.js';
import { compileRecord, type CompiledRecord, type FieldApart, type RegisterRecord } from '../mapping/compile-record.js';
import type { MappedTypes } from '../mapping/mapped-field.js';
import { mappedPathsOf } from '../mapping/mapped-paths.js';
import type { Path } from '../mapping/path.js';
import { compileUnread, type BeyondFinder, type Unread } from '../mapping/unread.js';
import type { KeyReader } from './by-key/record-key.js';
import { namesIn, treeOf, type MemberTree } from './member-tree.js';
import type { Operation } from './operations/compile-operation.js';
import type { RequestValues } from './request/values.js';
import type { SelectMembers } from './select-members.js';
import { withKeys } from './with-keys.js';

/** An operation that is asked for keys. */
export interface PreparedKeyed {
  readonly operation: Operation;
  /** Fields of the key. */
  readonly names: readonly string[];
  readonly key: KeyReader;
  /** Whether a value can be that of a field of the key. */
  readonly isKeyValue: (value: unknown) => boolean;
}

/** What one root field, one entity type or one field apart reads of a record. */
export interface PreparedSelection {
  readonly record: PreparedRecord;
  /** The records of a key, or the only list or record of a root field. */
  readonly field: SelectedField;
}

/** A selected field that is not in the record. */
export interface PreparedApart extends PreparedKeyed, PreparedSelection {
  readonly valuesFrom: (variables: RequestValues) => RequestValues;
  /** Where the key is in the object that has the field. */
  readonly holderKey: KeyReader;
}

/** The selected fields of a record, compiled. */
export interface PreparedRecord extends CompiledRecord {
  /** Members that are requested. Undefined if the register always sends whole records. */
  readonly members: readonly string[] | undefined;
  readonly tree: MemberTree | undefined;
  /** All that the mapping reads of a record. Undefined if members are requested. */
  readonly whole: MemberTree | undefined;
  /** What the mapping reads of a record and the selection leaves out. */
  readonly unread: Unread;
  /** How the fields apart in the record are read. */
  readonly apartBy: ReadonlyMap<FieldApart, PreparedApart>;
}

export interface RecordSelection {
  readonly types: MappedTypes;
  readonly type: string;
  readonly fields: readonly SelectedField[];
  /** Where the key is in the record. It is requested and read in any case. */
  readonly keyAt: readonly Path[];
  /** Whether members are requested. Otherwise the register always sends whole records. */
  readonly selects: boolean;
  readonly select: SelectMembers;
  /** Prepares a field apart. Throws if its type has no key. */
  readonly prepareApart: (apart: FieldApart) => PreparedApart;
}

/** Compiles the selected fields of a record. Throws if the mapping cannot serve them. */
export function prepareRecord(wanted: RecordSelection): PreparedRecord {
  const { types, type, fields, keyAt, selects, select, prepareApart } = wanted;
  // What is read apart is requested by the key of the object that has it.
  const inRecord = withKeys(types, type, fields);
  const selection = selects ? select(types, type, inRecord, keyAt) : undefined;
  const isByPath = selection?.isByPath === true;
  const record = compileRecord(types, type, fields, { isByPath, tellsApart: true });
  const apartBy = new Map(record.apart.map((apart) => [apart, prepareApart(apart)]));
  const below = [...apartBy].flatMap(([{ names }, one]) =>
    one.record.converted.map((converted) => `${names.join('.')}.${converted}`),
  );
  return {
    ...record,
    apartBy,
    converted: [...record.converted, ...below],
    members: selection?.members,
    tree: selection?.tree,
    whole: selects ? undefined : wholeTree(types, type, keyAt),
    unread: compileUnread(types, type, inRecord),
  };
}

function wholeTree(types: MappedTypes, type: string, keyAt: readonly Path[]): MemberTree {
  return treeOf([...keyAt, ...mappedPathsOf(types, type).map(({ at }) => at)].map(namesIn));
}

/** Finds what a record holds beyond the selection: fields of the mapping, and whether there is more than the mapping reads. */
export function findBeyond(record: RegisterRecord, { tree, whole, unread }: PreparedRecord, into: BeyondFinder): void {
  const hasMore = whole?.isLeftBy(record) ?? (tree?.isLeftBy(record) === true && tree.isLeftBeyond(record, unread));
  if (hasMore) into.note(undefined);
  into.find(record, unread);
}
