import type { JsonClient, JsonReply } from '../http/post-json.js';
import { RegisterFailure, type Adapter, type CallGroup, type FetchSelection, type GroupAnswer, type PreparedFetch, type RegisterAnswer, type RegisterCall, type SelectedField } from '../port.js';
import { isObject, ownMember } from '../response-object.js';
import type { RestSource } from '../source/source-file.js';
import { compileReadRecord, failuresAt, selectsLess, type ReadRecord } from './read-record.js';

export interface RestAdapterOptions {
  readonly register: string;
  readonly source: RestSource;
  /** Base address. */
  readonly url: string;
  readonly client: JsonClient;
}

type Record_ = Readonly<Record<string, unknown>>;

interface PreparedRoot extends PreparedFetch {
  readonly roots: readonly { readonly field: SelectedField; readonly argument: string; readonly read: ReadRecord; readonly readsLess: boolean }[];
}

interface PreparedEntities extends PreparedFetch {
  /** By type name. */
  readonly types: ReadonlyMap<string, { readonly key: string; readonly read: ReadRecord; readonly readsLess: boolean }>;
}

/** A register behind REST/JSON, by the mapping in its `source.yaml`: single reads for root fields, one batch for many keys. */
export function createRestAdapter(options: RestAdapterOptions): Adapter {
  return {
    register: options.register,
    prepare: (selection) => (selection.kind === 'root' ? prepareRoot(selection, options) : prepareEntities(selection, options)),
    read: async (call) => {
      const groups = await Promise.all(call.groups.map((group) => readGroup(group, call, options)));
      return { groups: groups.map(({ answer }) => answer), receivedBeyondGrant: groups.some(({ beyond }) => beyond) } satisfies RegisterAnswer;
    },
    close: async () => options.client.close(),
  };
}

function prepareRoot(selection: FetchSelection, { register, source }: RestAdapterOptions): PreparedRoot {
  const roots = selection.fields.map((field) => {
    const argument = source.roots[field.name];
    if (argument === undefined) throw new Error(`source.yaml of ${register} has no root field ${field.name}`);
    return { field, argument, read: compileReadRecord(source, field.type, field.fields), readsLess: selectsLess(source, field.type, field.fields) };
  });
  return { register, roots };
}

function prepareEntities(selection: FetchSelection, { register, source }: RestAdapterOptions): PreparedEntities {
  const types = new Map([...new Set(selection.fields.map(({ parentType }) => parentType))].map((type) => {
    const key = source.types[type]?.key;
    if (key === undefined) throw new Error(`source.yaml of ${register} has no key of ${type}`);
    const fields = selection.fields.filter(({ parentType }) => parentType === type);
    return [type, { key, read: compileReadRecord(source, type, fields), readsLess: selectsLess(source, type, fields) }] as const;
  }));
  return { register, types };
}

interface GroupRead {
  readonly answer: GroupAnswer;
  readonly beyond: boolean;
}

function readGroup(group: CallGroup, call: RegisterCall, options: RestAdapterOptions): Promise<GroupRead> {
  return group.keys === undefined ? readRoots(group, call, options) : readEntities(group.prepared as PreparedEntities, group.keys, call, options);
}

async function readRoots({ prepared, variables }: CallGroup, call: RegisterCall, options: RestAdapterOptions): Promise<GroupRead> {
  const { roots } = prepared as PreparedRoot;
  const found = await Promise.all(
    roots.map(async ({ field, argument }) => {
      const key = field.argumentsFrom?.(variables)[argument];
      if (typeof key !== 'string') throw new RegisterFailure(options.register, 'malformed');
      return readOne(key, call, options);
    }),
  );
  const paths: (readonly (string | number)[])[] = [];
  const record = Object.fromEntries(
    roots.map(({ field, read }, position) => {
      const one = found[position];
      return [field.responseKey, one ? read(one, (path) => paths.push([field.responseKey, ...path])) : null];
    }),
  );
  return { answer: { records: [record], errors: failuresAt(0, paths) }, beyond: roots.some(({ readsLess }, position) => readsLess && found[position] !== null) };
}

async function readEntities({ types }: PreparedEntities, keys: readonly Record_[], call: RegisterCall, options: RestAdapterOptions): Promise<GroupRead> {
  const asked = keys.map((representation) => {
    const type = types.get(String(representation['__typename']));
    const key = type && representation[type.key];
    if (type === undefined || typeof key !== 'string') throw new RegisterFailure(options.register, 'malformed');
    return { type, key };
  });
  const found = await readMany(asked.map(({ key }) => key), call, options);
  const errors: GroupAnswer['errors'][number][] = [];
  const records = asked.map(({ type }, place) => {
    const one = found[place];
    const paths: (readonly (string | number)[])[] = [];
    const record = one ? type.read(one, (path) => paths.push(path)) : null;
    errors.push(...failuresAt(place, paths));
    return record;
  });
  return { answer: { records, errors }, beyond: asked.some(({ type }, place) => type.readsLess && found[place] !== null) };
}

async function readOne(key: string, call: RegisterCall, options: RestAdapterOptions): Promise<Record_ | null> {
  const { path, key: member } = options.source.read;
  const reply = await send(path, { [member]: key }, call, options);
  if (reply.status === 404) return notFound(reply, options);
  return checked(reply.status === 200 ? reply.body : undefined, key, options);
}

/** Only the register's own word for it means that nobody has the number; any other 404 is a wrong address. */
function notFound({ body }: JsonReply, { register }: RestAdapterOptions): null {
  const error = isObject(body) ? ownMember(body, 'error') : undefined;
  if (isObject(error) && ownMember(error, 'code') === 'NOT_FOUND') return null;
  throw new RegisterFailure(register, 'malformed');
}

async function readMany(keys: readonly string[], call: RegisterCall, options: RestAdapterOptions): Promise<readonly (Record_ | null)[]> {
  const { max } = options.source.batch;
  const chunks = Array.from({ length: Math.ceil(keys.length / max) }, (_, chunk) => keys.slice(chunk * max, (chunk + 1) * max));
  return (await Promise.all(chunks.map((chunk) => readBatch(chunk, call, options)))).flat();
}

async function readBatch(keys: readonly string[], call: RegisterCall, options: RestAdapterOptions): Promise<readonly (Record_ | null)[]> {
  const { path, keys: member, items: itemsMember } = options.source.batch;
  const { status, body } = await send(path, { [member]: keys }, call, options);
  const items = status === 200 && isObject(body) ? ownMember(body, itemsMember) : undefined;
  if (!Array.isArray(items) || items.length !== keys.length) throw new RegisterFailure(options.register, 'malformed');
  return keys.map((key, position) => {
    const item: unknown = items[position];
    return item === null ? null : checked(item, key, options);
  });
}

/** The record must be the one that was asked for: another person's would be merged under this one's number. */
function checked(record: unknown, key: string, { register, source }: RestAdapterOptions): Record_ {
  if (isObject(record) && ownMember(record, source.read.key) === key) return record;
  throw new RegisterFailure(register, 'malformed');
}

function send(path: string, body: unknown, { requestId, deadline }: RegisterCall, { url, client }: RestAdapterOptions): Promise<JsonReply> {
  return client.post({ url: new URL(path, url), body, requestId, deadline });
}
