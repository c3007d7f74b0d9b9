import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { bareObject, ownMember } from '../../schemas/objects.js';
import type { FailureReason } from '../../schemas/register-failure.js';
import {
  RegisterFailure,
  type Adapter,
  type CallGroup,
  type CodeFinding,
  type GroupAnswer,
  type RegisterCall,
  type SelectedField,
} from '../port.js';
import type { RegisterRecord, ResponsePath } from '../mapping/compile-record.js';
import type { AddressAgreement } from '../address-agreement.js';
import { runParts } from '../run-parts.js';
import { ITEM_FAILED, type ItemOutcome } from './by-key/match-items.js';
import { keyText, type KeyValues } from './by-key/record-key.js';
import { ask, during, type AskOptions } from './ask-operation.js';
import { compileMapping, isText, type RegisterMapping } from './operations/register-mapping.js';
import {
  keyOnly,
  prepareEntities,
  prepareRoots,
  type PreparedApart,
  type PreparedEntities,
  type PreparedEntity,
  type PreparedKeyed,
  type PreparedRoot,
  type PreparedRoots,
} from './prepare.js';
import { holdsMore, type PreparedRecord, type SelectMembers } from './prepared-record.js';
import { readByKey, readList, recordOf, type OutcomesByKey } from './by-key/read-by-key.js';
import type { RequestValues } from './request/values.js';
import type { RestClient } from './rest-client.js';
import type { RestSource } from './source.js';

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

interface GroupRead {
  readonly answer: GroupAnswer;
  readonly beyond: boolean;
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
            group.keys === undefined ? answerRoots(group, part, options) : answerEntities(asked[place] ?? [], entities),
        ),
      );
      return { groups: groups.map(({ answer }) => answer), receivedBeyondGrant: groups.some(({ beyond }) => beyond) };
    },
    close: async () => options.client.close(),
  };
}

function agreementsOf({ operations }: RegisterMapping): readonly AddressAgreement[] {
  return [...operations.values()].flatMap(({ name: operation, agreement, request: { address } }) =>
    agreement === undefined ? [] : [{ operation, address: `${address.method} ${address.target}`, ...agreement }],
  );
}

/** Collects what a group answers beside its records. */
class Findings {
  readonly errors: GroupAnswer['errors'][number][] = [];
  readonly codes: CodeFinding[] = [];
  beyond = false;

  /** Reads a record into the form of the selection. `at`: where it is in the answer. */
  read(record: RegisterRecord, prepared: PreparedRecord, at: ResponsePath): Record<string, unknown> {
    this.beyond ||= holdsMore(record, prepared);
    return prepared.read(
      record,
      (path, reason) => this.errors.push({ path: [...at, ...path], reason }),
      (path, field) => this.codes.push({ path: [...at, ...path], field }),
    );
  }

  /** Returns an object without values, each of which failed. */
  failed(fields: readonly SelectedField[], type: string, at: ResponsePath): Record<string, unknown> {
    const made = bareObject();
    for (const { name, responseKey } of fields) {
      made[responseKey] = name === '__typename' ? type : null;
      if (name !== '__typename') this.fail([...at, responseKey], 'batch_item_error');
    }
    return made;
  }

  fail(path: ResponsePath, reason: FailureReason): void {
    this.errors.push({ path, reason });
  }

  answer(records: GroupAnswer['records'], converted: readonly string[]): GroupRead {
    const { errors, codes, beyond } = this;
    const noted = codes.length > 0 ? { findings: codes } : {};
    if (converted.length === 0) return { answer: { records, errors, ...noted }, beyond };
    return { answer: { records, errors, ...noted, converted: [...new Set(converted)] }, beyond };
  }
}

async function answerRoots(
  { prepared, variables }: CallGroup,
  call: RegisterCall,
  options: RestAdapterOptions,
): Promise<GroupRead> {
  const { roots } = prepared as PreparedRoots;
  const found = await runParts(
    call,
    roots.map((root) => async (part: RegisterCall) => ({ root, read: await readRoot(root, variables, part, options) })),
  );
  const findings = new Findings();
  const record = bareObject();
  for (const { root, read } of found) {
    const { field } = root;
    const taken = (one: RegisterRecord | null | typeof ITEM_FAILED, at: ResponsePath): unknown => {
      if (one === ITEM_FAILED) return findings.failed(field.fields, field.type, at);
      return one && findings.read(one, root.record, at);
    };
    record[field.responseKey] = Array.isArray(read)
      ? read.map((one, position) => taken(one, [0, field.responseKey, position]))
      : taken(read as RegisterRecord | null | typeof ITEM_FAILED, [0, field.responseKey]);
  }
  return findings.answer(
    [record],
    roots.flatMap((root) => root.record.converted),
  );
}

type RootRead = RegisterRecord | null | typeof ITEM_FAILED | readonly (RegisterRecord | null | typeof ITEM_FAILED)[];

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
      if (whole.itemsAt === undefined) return whole.answer.record(await ask(asked, call, options));
      const items = await readList(asked, call, options);
      if (field.list) return items ?? [];
      throw new RegisterFailure(options.register, 'value_type');
    });
  }
  const { names, isKeyValue } = one ?? many ?? { names: [], isKeyValue: isText };
  const given = names.map((name) => ownMember<unknown>(values, name));
  if (given.every(isKeyValue)) {
    if (one === undefined) throw new RegisterFailure(options.register, 'key_type');
    const read = await readByKey({ ...one, values, isList: field.list }, [given], call, options);
    const outcome = read.get(keyText(given));
    return field.list && outcome !== ITEM_FAILED ? (outcome ?? []) : recordOf(outcome);
  }
  const [list] = given;
  if (many === undefined || given.length !== 1 || !Array.isArray(list) || !list.every(isKeyValue))
    throw new RegisterFailure(options.register, 'key_type');
  const keys = list.map((key: unknown): KeyValues => [key]);
  const read = await readByKey({ ...many, values, isList: false }, distinct(keys), call, options);
  return keys.map((key) => recordOf(read.get(keyText(key))));
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

/** What was read for the keys of all groups, by question. */
type EntitiesRead = ReadonlyMap<string, OutcomesByKey>;

/** The keys of one question. Equal questions go together. */
interface Wish {
  readonly ask: PreparedKeyed & { readonly record: PreparedRecord; readonly field?: SelectedField };
  readonly values: RequestValues;
  readonly keys: KeyValues[];
}

/** No member is requested for a person whose group selects only others. */
async function readEntities(
  asked: readonly EntityAsked[],
  call: RegisterCall,
  options: AskOptions,
): Promise<EntitiesRead> {
  const wishes = new Map<string, Wish>();
  const add = (name: string, wish: Omit<Wish, 'keys'>, key: KeyValues): void => {
    const found = wishes.get(name);
    if (found === undefined) wishes.set(name, { ...wish, keys: [key] });
    else found.keys.push(key);
  };
  for (const { entity, key, variables } of asked) {
    const { read, apart } = entity;
    if (read !== undefined) add(read.wish, { ask: read, values: { select: read.record.members } }, key);
    for (const one of apart) {
      const values = { ...one.valuesFrom(variables), select: one.record.members };
      add(apartWish(one, variables), { ask: one, values }, key);
    }
  }
  const parts = [...wishes].map(([name, { ask: question, values, keys }]) => async (part: RegisterCall) => {
    const isList = question.field?.list === true;
    const { operation, names, key } = question;
    return [name, await readByKey({ operation, names, key, values, isList }, distinct(keys), part, options)] as const;
  });
  return new Map((await runParts(call, parts)) as readonly (readonly [string, OutcomesByKey])[]);
}

function apartWish({ operation, record, field, valuesFrom }: PreparedApart, variables: RequestValues): string {
  const values = valuesFrom(variables);
  const asked = operation.argumentNames.map((name) => ownMember(values, name) ?? null);
  return JSON.stringify([operation.name, field.list, asked, record.members]);
}

function distinct(keys: readonly KeyValues[]): readonly KeyValues[] {
  return keys.length === 1 ? keys : [...new Map(keys.map((key) => [keyText(key), key])).values()];
}

function answerEntities(asked: readonly EntityAsked[], read: EntitiesRead): GroupRead {
  const findings = new Findings();
  const records = asked.map(({ entity, key, variables }, place) => {
    const made = entityOf(entity, recordFor(entity, key, read), { place, findings });
    if (made === null) return null;
    for (const { name, responseKey } of entity.asAsked) made[responseKey] = key[entity.type.keys.indexOf(name)];
    for (const one of entity.apart) {
      const outcome = read.get(apartWish(one, variables))?.get(keyText(key));
      made[one.field.responseKey] = valueOf(outcome, one, { place, findings });
    }
    return made;
  });
  const converted = asked.some(({ entity }) => entity.converted.length > 0)
    ? asked.flatMap(({ entity }) => entity.converted)
    : [];
  return findings.answer(records, converted);
}

/** Undefined: the selection needs no record. */
function recordFor(
  { read }: PreparedEntity,
  key: KeyValues,
  outcomes: EntitiesRead,
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

function valueOf(
  outcome: ItemOutcome | undefined,
  { field, record }: PreparedApart,
  { place, findings }: Place,
): unknown {
  const at = [place, field.responseKey];
  if (outcome === ITEM_FAILED) {
    findings.fail(at, 'batch_item_error');
    return null;
  }
  if (field.list) return (outcome ?? []).map((item, position) => findings.read(item, record, [...at, position]));
  const [only] = outcome ?? [];
  return only === undefined ? null : findings.read(only, record, at);
}
