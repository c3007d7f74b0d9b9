import type { JsonClient } from '../http/post-json.js';
import { RegisterFailure, type Adapter, type CallGroup, type FetchSelection, type GroupAnswer, type PreparedFetch, type RegisterCall, type SelectedField } from '../port.js';
import { emptyObject, ownMember } from '../response-object.js';
import type { RestSource } from '../source/source-file.js';
import { compileReadRecord, selectsLess, type ReadRecord, type RegisterRecord, type ResponsePath } from '../read-record.js';
import { createRecordReader, type RecordReader } from './read-records.js';

export interface RestAdapterOptions {
  readonly register: string;
  readonly source: RestSource;
  /** Base address. */
  readonly url: string;
  readonly client: JsonClient;
}

interface PreparedRecord {
  readonly read: ReadRecord;
  readonly readsLess: boolean;
}

interface PreparedRoots extends PreparedFetch {
  readonly roots: readonly (PreparedRecord & { readonly field: SelectedField; readonly argument: string })[];
}

interface PreparedEntities extends PreparedFetch {
  /** By type name. */
  readonly types: ReadonlyMap<string, PreparedRecord & { readonly key: string }>;
}

interface GroupRead {
  readonly answer: GroupAnswer;
  readonly beyond: boolean;
}

/**
 * A register behind REST/JSON, by the mapping in its `source.yaml`: single reads for root fields, one
 * batch for many keys. It returns whole records whoever asks, so the keys of all groups go together.
 */
export function createRestAdapter(options: RestAdapterOptions): Adapter {
  const reader = createRecordReader(options);
  return {
    register: options.register,
    prepare: (selection) => (selection.kind === 'root' ? prepareRoots(selection, options) : prepareEntities(selection, options)),
    read: async (call) => {
      const records = await readEntities(call, reader, options.register);
      const groups = await Promise.all(call.groups.map(async (group) => (group.keys === undefined ? answerRoots(group, call, reader, options.register) : answerEntities(group, records, options.register))));
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
    return [type, { key, ...prepareRecord(source, type, selection.fields.filter(({ parentType }) => parentType === type)) }] as const;
  });
  return { register, types: new Map(types) };
}

function prepareRecord(source: RestSource, type: string, fields: readonly SelectedField[]): PreparedRecord {
  return { read: compileReadRecord(source, type, fields), readsLess: selectsLess(source, type, fields) };
}

async function answerRoots({ prepared, variables }: CallGroup, call: RegisterCall, reader: RecordReader, register: string): Promise<GroupRead> {
  const { roots } = prepared as PreparedRoots;
  const found = await Promise.all(
    roots.map(async ({ field, argument, read, readsLess }) => {
      const key = field.argumentsFrom?.(variables)[argument];
      if (typeof key !== 'string') throw new RegisterFailure(register, 'malformed');
      return { key: field.responseKey, read, readsLess, record: await reader.one(key, call) };
    }),
  );
  const malformed: ResponsePath[] = [];
  const record = emptyObject();
  for (const { key, read, record: one } of found) record[key] = one && read(one, (path) => malformed.push([key, ...path]));
  return { answer: { records: [record], errors: malformed.map(failureAt(0)) }, beyond: found.some(({ readsLess, record: one }) => readsLess && one !== null) };
}

function readEntities(call: RegisterCall, reader: RecordReader, register: string): Promise<ReadonlyMap<string, RegisterRecord | null>> {
  const keys = call.groups.flatMap((group) => keysOf(group, register).map(({ key }) => key));
  return reader.many([...new Set(keys)], call);
}

function keysOf({ prepared, keys = [] }: CallGroup, register: string): readonly { readonly type: PreparedRecord; readonly key: string }[] {
  return keys.map((representation) => {
    const type = (prepared as PreparedEntities).types.get(String(representation['__typename']));
    const key = type && representation[type.key];
    if (type === undefined || typeof key !== 'string') throw new RegisterFailure(register, 'malformed');
    return { type, key };
  });
}

function answerEntities(group: CallGroup, records: ReadonlyMap<string, RegisterRecord | null>, register: string): GroupRead {
  const errors: GroupAnswer['errors'][number][] = [];
  let beyond = false;
  const read = keysOf(group, register).map(({ type, key }, place) => {
    const record = records.get(key) ?? null;
    if (record === null) return null;
    beyond ||= type.readsLess;
    return type.read(record, (path) => errors.push(failureAt(place)(path)));
  });
  return { answer: { records: read, errors }, beyond };
}

function failureAt(place: number): (path: ResponsePath) => GroupAnswer['errors'][number] {
  return (path) => ({ path: [place, ...path], failure: 'malformed' });
}
