import {
  RegisterFailure,
  type Adapter,
  type CallGroup,
  type FetchSelection,
  type GroupAnswer,
  type PreparedFetch,
  type RegisterCall,
  type SelectedField,
} from '../port.js';
import type { RestSource } from './source.js';
import { mappedList, prepareLists, type PreparedList } from './prepare-lists.js';
import type { RestClient } from './rest-client.js';
import { itemsOf, readLists, type ListsRead } from './read-lists.js';
import { holdsMore, prepareRecord, type PreparedRecord } from './prepared-record.js';
import type { OnFault, RegisterRecord, ResponsePath } from '../mapping/compile-record.js';
import { runParts } from '../run-parts.js';
import { createRecordReader, type RecordReader } from './read-records.js';
import { bareObject, ownMember } from '../../schemas/objects.js';

export interface RestAdapterOptions {
  readonly register: string;
  readonly source: RestSource;
  /** Base address. */
  readonly url: string;
  readonly client: RestClient;
}

interface PreparedRoots extends PreparedFetch {
  readonly roots: readonly (PreparedRecord & { readonly field: SelectedField; readonly argument: string })[];
}

interface PreparedEntities extends PreparedFetch {
  /** By type name. */
  readonly types: ReadonlyMap<string, PreparedEntity>;
}

interface PreparedEntity extends PreparedRecord {
  readonly key: string;
  /** Whether a selected field is in the record. A list of its own is read without the record. */
  readonly needsRecord: boolean;
  readonly lists: readonly PreparedList[];
}

/** The records and lists that were read for the keys of all groups. */
interface EntitiesRead {
  /** By the requested members, then by key. */
  readonly records: ReadonlyMap<string, ReadonlyMap<string, RegisterRecord | null>>;
  readonly lists: ListsRead;
}

/** A field whose value cannot be read. */
type Fault = GroupAnswer['errors'][number];

interface GroupRead {
  readonly answer: GroupAnswer;
  readonly beyond: boolean;
}

/**
 * Returns the adapter of a REST/JSON register, by the mapping in its `source.yaml`. Root fields are single reads. The
 * keys with the same requested members go in one batch: if the register always sends whole records, these are the keys
 * of all groups. Lists that are separate from the record, in pages, are read only for the groups that select them.
 */
export function createRestAdapter(options: RestAdapterOptions): Adapter {
  const reader = createRecordReader(options);
  return {
    register: options.register,
    prepare: (selection) =>
      selection.kind === 'root' ? prepareRoots(selection, options) : prepareEntities(selection, options),
    read: async (call) => {
      const entities = await readEntities(call, reader, options);
      const groups = await runParts(
        call,
        call.groups.map(
          (group) => async (part: RegisterCall) =>
            group.keys === undefined
              ? answerRoots(group, part, reader, options.register)
              : answerEntities(group, entities, options),
        ),
      );
      return { groups: groups.map(({ answer }) => answer), receivedBeyondGrant: groups.some(({ beyond }) => beyond) };
    },
    close: async () => options.client.close(),
  };
}

function prepareRoots(selection: FetchSelection, { register, source }: RestAdapterOptions): PreparedRoots {
  const roots = selection.fields.map((field) => {
    const argument = ownMember(source.roots, field.name);
    if (argument === undefined) throw new Error(`source.yaml of ${register} has no root field ${field.name}`);
    return { field, argument, ...prepareRecord(source, field.type, field.fields) };
  });
  return { register, roots };
}

function prepareEntities(selection: FetchSelection, { register, source }: RestAdapterOptions): PreparedEntities {
  const names = [...new Set(selection.fields.map(({ parentType }) => parentType))];
  const types = names.map((type) => {
    const key = ownMember(source.types, type)?.key;
    if (key === undefined) throw new Error(`source.yaml of ${register} has no key of ${type}`);
    const fields = selection.fields.filter(({ parentType }) => parentType === type);
    return [type, prepareEntity(source, { type, key, fields })] as const;
  });
  return { register, types: new Map(types) };
}

async function answerRoots(
  { prepared, variables }: CallGroup,
  call: RegisterCall,
  reader: RecordReader,
  register: string,
): Promise<GroupRead> {
  const { roots } = prepared as PreparedRoots;
  const found = await runParts(
    call,
    roots.map((root) => async (part: RegisterCall) => {
      const { field, argument } = root;
      const keys = field.argumentsFrom?.(variables)[argument];
      const records = await readRoot(keys, root.members, { call: part, reader, register });
      return { key: field.responseKey, root, records };
    }),
  );
  const faults: Fault[] = [];
  const record = bareObject();
  for (const { key, root, records } of found) {
    const taken = (one: RegisterRecord | null, at: ResponsePath): unknown =>
      one && root.read(one, (path, reason) => faults.push({ path: [...at, ...path], reason }));
    record[key] = Array.isArray(records)
      ? records.map((one: RegisterRecord | null, position) => taken(one, [key, position]))
      : taken(records as RegisterRecord | null, [key]);
  }
  return {
    answer: { records: [record], errors: faults.map(failureAt(0)) },
    beyond: found.some(({ root, records }) => [records].flat().some((one) => one !== null && holdsMore(one, root))),
  };
}

/** Returns the record of a key or, for a list of keys, the records in its order. Each is requested once. */
async function readRoot(
  keys: unknown,
  members: PreparedRecord['members'],
  { call, reader, register }: { readonly call: RegisterCall; readonly reader: RecordReader; readonly register: string },
): Promise<RegisterRecord | null | readonly (RegisterRecord | null)[]> {
  if (typeof keys === 'string') return reader.one(keys, members, call);
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string'))
    throw new RegisterFailure(register, 'key_type');
  const read = await reader.many([...new Set(keys)], members, call);
  return keys.map((key) => read.get(key) ?? null);
}

function prepareEntity(
  source: RestSource,
  { type, key, fields }: { readonly type: string; readonly key: string; readonly fields: readonly SelectedField[] },
): PreparedEntity {
  const inRecord = fields.filter(({ name }) => mappedList(source, type, name) === undefined);
  const lists = prepareLists(source, type, fields);
  const needsRecord = lists.length === 0 || inRecord.some(({ name }) => name !== key && name !== '__typename');
  return { key, needsRecord, lists, ...prepareRecord(source, type, inRecord) };
}

const NO_LISTS: ListsRead = new Map();

async function readEntities(
  call: RegisterCall,
  reader: RecordReader,
  options: RestAdapterOptions,
): Promise<EntitiesRead> {
  const asked = call.groups.flatMap((group) =>
    keysOf(group, options.register).map(({ type, key }) => ({ type, key, variables: group.variables })),
  );
  const lists = asked.flatMap(({ type, key, variables }) =>
    type.lists.map((prepared) => ({ prepared, variables, keys: [key] })),
  );
  const inRecords = asked.filter(({ type }) => type.needsRecord);
  if (lists.length === 0) return { records: await readRecords(inRecords, call, reader), lists: NO_LISTS };
  const [records, listsRead] = await runParts(call, [
    (part) => readRecords(inRecords, part, reader),
    (part) => readLists(lists, part, options),
  ]);
  return { records, lists: listsRead };
}

/** No member is requested for a person whose group selects only others. */
async function readRecords(
  asked: readonly { readonly type: PreparedEntity; readonly key: string }[],
  call: RegisterCall,
  reader: RecordReader,
): Promise<EntitiesRead['records']> {
  const wishes = new Map<string, { readonly members: PreparedRecord['members']; readonly keys: Set<string> }>();
  for (const { type, key } of asked) {
    const wish = wishes.get(wishOf(type)) ?? { members: type.members, keys: new Set<string>() };
    wishes.set(wishOf(type), wish);
    wish.keys.add(key);
  }
  const read = [...wishes].map(
    ([wish, { members, keys }]) =>
      async (part: RegisterCall) =>
        [wish, await reader.many([...keys], members, part)] as const,
  );
  return new Map(await runParts(call, read));
}

function wishOf({ members }: PreparedRecord): string {
  return members?.join(' ') ?? '';
}

function keysOf(
  { prepared, keys = [] }: CallGroup,
  register: string,
): readonly { readonly type: PreparedEntity; readonly key: string }[] {
  return keys.map((representation) => {
    const type = (prepared as PreparedEntities).types.get(String(representation['__typename']));
    const key = type && representation[type.key];
    if (type === undefined || typeof key !== 'string') throw new RegisterFailure(register, 'key_type');
    return { type, key };
  });
}

function answerEntities(group: CallGroup, read: EntitiesRead, { register, source }: RestAdapterOptions): GroupRead {
  const errors: GroupAnswer['errors'][number][] = [];
  let beyond = false;
  const records = keysOf(group, register).map(({ type, key }, place) => {
    const record = type.needsRecord ? (read.records.get(wishOf(type))?.get(key) ?? null) : { [source.read.key]: key };
    if (record === null) return null;
    const onFault: OnFault = (path, reason) => void errors.push(failureAt(place)({ path, reason }));
    beyond ||= type.needsRecord && holdsMore(record, type);
    const made = type.read(record, onFault);
    for (const prepared of type.lists) {
      const items = itemsOf({ prepared, key, variables: group.variables }, read.lists, onFault);
      made[prepared.responseKey] = items;
      beyond ||= prepared.readsLess && items.length > 0;
    }
    return made;
  });
  return { answer: { records, errors }, beyond };
}

function failureAt(place: number): (fault: Fault) => GroupAnswer['errors'][number] {
  return ({ path, reason }) => ({ path: [place, ...path], reason });
}
