import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { bareObject, ownMember } from '../../schemas/objects.js';
import { RegisterFailure, type Adapter, type CallGroup, type GroupAnswer, type RegisterCall } from '../port.js';
import type { RegisterRecord, ResponsePath } from '../mapping/compile-record.js';
import type { AddressAgreement } from '../address-agreement.js';
import { runParts } from '../run-parts.js';
import { ITEM_FAILED } from './by-key/match-items.js';
import { keyText, type KeyValues } from './by-key/record-key.js';
import { ask, during, type AskOptions } from './ask-operation.js';
import { compileMapping, isText, type RegisterMapping } from './operations/register-mapping.js';
import {
  keyOnly,
  prepareEntities,
  prepareRoots,
  type PreparedEntities,
  type PreparedEntity,
  type PreparedRoot,
  type PreparedRoots,
} from './prepare.js';
import { readFieldsApart, valueOf } from './fields-apart.js';
import { Findings, type AskedKey } from './findings.js';
import type { SelectMembers } from './select-members.js';
import { readByKey, readList, recordOf } from './by-key/read-by-key.js';
import type { RequestValues } from './request/values.js';
import type { RestClient } from './rest-client.js';
import type { RestSource } from './source.js';
import { apartWish, distinct, Wishes, type ReadByWish } from './wishes.js';

export interface RestAdapterOptions {
  readonly register: string;
  readonly source: RestSource;
  /** Base address. */
  readonly url: string;
  readonly client: RestClient;
  /** Says when the last day of an agreement is over. */
  readonly clock: Pick<Clock, 'factDate'>;
  /** Counts calls under an agreement that ends soon. */
  readonly observer?: Pick<Observer, 'count'> | undefined;
  /** How members of a record are requested. By default by their names. */
  readonly select?: SelectMembers | undefined;
}

/**
 * Returns the adapter of a REST/JSON register, by the mapping in its `source.yaml`. The keys with the same requested
 * members go in one batch: if the register always sends whole records, these are the keys of all groups. What is not in
 * the record is asked apart, only for the groups that select it. Throws if the mapping names a constant that it lacks.
 */
export function createRestAdapter(options: RestAdapterOptions): Adapter {
  const { register, source, url, select } = options;
  const mapping = compileMapping(source, register, url, select);
  const addressAgreements = agreementsOf(mapping);
  return {
    register,
    ...(addressAgreements.length > 0 && { addressAgreements }),
    prepare: (selection) =>
      selection.kind === 'root' ? prepareRoots(selection, mapping) : prepareEntities(selection, mapping),
    read: async (call) => {
      const asked = call.groups.map((group) => (group.keys === undefined ? [] : entitiesIn(group, register)));
      const entities = await readEntities(asked.flat(), call, options);
      const groups = await runParts(
        call,
        call.groups.map(
          (group, place) => async (part: RegisterCall) =>
            group.keys === undefined
              ? answerRoots(group, part, options)
              : answerEntities({ asked: asked[place] ?? [], read: entities, group }, part, options),
        ),
      );
      return { groups };
    },
    close: async () => options.client.close(),
  };
}

function agreementsOf({ operations }: RegisterMapping): readonly AddressAgreement[] {
  return [...operations.values()].flatMap(({ name: operation, agreement, request: { address } }) =>
    agreement === undefined ? [] : [{ operation, address: `${address.method} ${address.target}`, ...agreement }],
  );
}

async function answerRoots(
  { prepared, variables }: CallGroup,
  call: RegisterCall,
  options: RestAdapterOptions,
): Promise<GroupAnswer> {
  const { roots } = prepared as PreparedRoots;
  const found = await runParts(
    call,
    roots.map((root) => async (part: RegisterCall) => ({ root, read: await readRoot(root, variables, part, options) })),
  );
  const findings = new Findings();
  const record = bareObject();
  for (const { root, read } of found) {
    const { field } = root;
    const taken = ({ record: one, asked }: OneRead, at: ResponsePath): unknown => {
      if (one === ITEM_FAILED) return findings.failed(field.fields, field.type, at);
      return one && findings.read(one, root.record, at, asked);
    };
    record[field.responseKey] =
      'list' in read
        ? read.list.map((one, position) => taken(one, [0, field.responseKey, position]))
        : taken(read, [0, field.responseKey]);
  }
  if (findings.metApart) await readFieldsApart({ records: [record], findings, variables }, call, options);
  return findings.answer(
    [record],
    roots.flatMap((root) => root.record.converted),
  );
}

/** One record of a root field, and the key by which it was asked for. */
interface OneRead {
  readonly record: RegisterRecord | null | typeof ITEM_FAILED;
  readonly asked?: AskedKey;
}

type RootRead = OneRead | { readonly list: readonly OneRead[] };

/** Returns the record of a key or, for a list of keys, the records in its order. Each is requested once. */
async function readRoot(
  root: PreparedRoot,
  variables: RequestValues,
  call: RegisterCall,
  options: RestAdapterOptions,
): Promise<RootRead> {
  const { field, record, one, many, whole } = root;
  const values = { ...root.valuesFrom(variables), select: record.members };
  if (whole !== undefined) {
    const asked = { operation: whole, values, about: undefined };
    return during(whole, async () => {
      if (whole.itemsAt === undefined) return { record: whole.answer.record(await ask(asked, call, options)) };
      const items = await readList(asked, call, options);
      if (field.list) return { list: (items ?? []).map((one) => ({ record: one })) };
      throw new RegisterFailure(options.register, 'value_type');
    });
  }
  const { names, isKeyValue } = one ?? many ?? { names: [], isKeyValue: isText };
  const given = names.map((name) => ownMember<unknown>(values, name));
  if (given.every(isKeyValue)) {
    if (one === undefined) throw new RegisterFailure(options.register, 'key_type');
    const read = await readByKey({ ...one, values, isList: field.list }, [given], call, options);
    const outcome = read.get(keyText(given));
    return field.list && outcome !== ITEM_FAILED
      ? { list: (outcome ?? []).map((item) => ({ record: item })) }
      : { record: recordOf(outcome), asked: { names, values: given } };
  }
  const [list] = given;
  if (many === undefined || given.length !== 1 || !Array.isArray(list) || !list.every(isKeyValue))
    throw new RegisterFailure(options.register, 'key_type');
  const keys = list.map((key: unknown): KeyValues => [key]);
  const read = await readByKey({ ...many, values, isList: false }, distinct(keys), call, options);
  return {
    list: keys.map((key) => ({ record: recordOf(read.get(keyText(key))), asked: { names: many.names, values: key } })),
  };
}

interface EntityAsked {
  readonly entity: PreparedEntity;
  readonly key: KeyValues;
  readonly variables: RequestValues;
}

function entitiesIn({ prepared, keys = [], variables }: CallGroup, register: string): readonly EntityAsked[] {
  return keys.map((representation) => {
    const entity = (prepared as PreparedEntities).types.get(String(representation['__typename']));
    const key = entity?.type.keys.map((name) => representation[name]);
    if (entity === undefined || key === undefined || !key.every(entity.type.isKeyValue))
      throw new RegisterFailure(register, 'key_type');
    return { entity, key, variables };
  });
}

/** No member is requested for a person whose group selects only others. */
async function readEntities(
  asked: readonly EntityAsked[],
  call: RegisterCall,
  options: AskOptions,
): Promise<ReadByWish> {
  const wishes = new Wishes();
  for (const { entity, key, variables } of asked) {
    const { read, apart } = entity;
    if (read !== undefined) wishes.add(read.wish, { ask: read, values: { select: read.record.members } }, key);
    for (const one of apart) wishes.addApart(one, variables, key);
  }
  return wishes.read(call, options);
}

interface EntitiesToAnswer {
  readonly asked: readonly EntityAsked[];
  readonly read: ReadByWish;
  readonly group: CallGroup;
}

/** Mostly all is there already, and then nothing waits. */
function answerEntities(
  { asked, read, group }: EntitiesToAnswer,
  call: RegisterCall,
  options: AskOptions,
): GroupAnswer | Promise<GroupAnswer> {
  const findings = new Findings();
  const records = asked.map(({ entity, key, variables }, place) => {
    const made = entityOf(entity, recordFor(entity, key, read), { place, findings });
    if (made === null) return null;
    for (const { name, responseKey } of entity.asAsked) made[responseKey] = key[entity.type.keys.indexOf(name)];
    for (const one of entity.apart) {
      const outcome = read.get(apartWish(one, variables))?.get(keyText(key));
      made[one.field.responseKey] = valueOf(outcome, one, [place, one.field.responseKey], findings);
    }
    return made;
  });
  const converted = asked.some(({ entity }) => entity.converted.length > 0)
    ? asked.flatMap(({ entity }) => entity.converted)
    : [];
  if (!findings.metApart) return findings.answer(records, converted);
  const reading = readFieldsApart({ records, findings, variables: group.variables }, call, options);
  return reading.then(() => findings.answer(records, converted));
}

/** Undefined: the selection needs no record. */
function recordFor(
  { read }: PreparedEntity,
  key: KeyValues,
  outcomes: ReadByWish,
): ReturnType<typeof recordOf> | undefined {
  return read && recordOf(outcomes.get(read.wish)?.get(keyText(key)));
}

interface Place {
  /** Position among the records of the group. */
  readonly place: number;
  readonly findings: Findings;
}

function entityOf(
  entity: PreparedEntity,
  record: ReturnType<typeof recordFor>,
  { place, findings }: Place,
): Record<string, unknown> | null {
  if (record === null) return null;
  if (record === ITEM_FAILED) return findings.failed(entity.inRecord, entity.type.name, [place]);
  if (record === undefined || entity.read === undefined) return keyOnly(entity);
  return findings.read(record, entity.read.record, [place]);
}
