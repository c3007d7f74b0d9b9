import { BeyondFinder } from '../mapping/unread.js';
import { bareObject } from '../../schemas/objects.js';
import type { ResponsePath } from '../mapping/compile-record.js';
import { RegisterFailure, type Adapter, type CallGroup, type CodeFinding, type GroupAnswer } from '../port.js';
import { carriesCallId } from '../call-id.js';
import { ask, type ApartWant, type KeyWant, type Replies, type Want } from './ask.js';
import { compileOperations } from './compile-operation.js';
import type { ExchangeOptions } from './exchange.js';
import { fullForm, type FullSource } from './source/full-form.js';
import { plainProfile } from './profiles/plain-profile.js';
import { prepare, type PreparedEntities, type PreparedRoots } from './prepare.js';
import type { SoapProfile } from './profiles/profile.js';
import type { KeyFields } from './question-values.js';
import { messageFormat } from './answer/read-message.js';
import { shepProfile, type Sender } from './profiles/shep-profile.js';
import type { SoapSource } from './source/source.js';
import { timeWriter } from './time-text.js';
import { xroadProfile } from './profiles/xroad-profile.js';

export interface SoapAdapterOptions extends Pick<
  ExchangeOptions,
  'register' | 'client' | 'credentials' | 'consentTokens' | 'security' | 'clock' | 'random'
> {
  readonly source: SoapSource;
  /** How the bus knows this gateway, for the profile shep-sync. */
  readonly sender?: Sender | undefined;
  /** Parts of our identifier on X-Road, for the profile xroad-4.0. */
  readonly member?: readonly string[] | undefined;
}

/** A value of the answer: of a root field, or of the record of a key with the fields that are asked apart. */
interface Slot {
  /** Path of the value in the answer of its group. */
  readonly path: ResponsePath;
  readonly want: Want;
  readonly apart: readonly ApartWant[];
}

interface Noted {
  readonly errors: GroupAnswer['errors'][number][];
  readonly findings: CodeFinding[];
}

/**
 * Returns the adapter of a SOAP register, by the mapping in its `source.yaml`. Keys of an operation that takes many go out
 * together. Only the selection of its group is read of each record; the parser skips the rest.
 */
export function createSoapAdapter(options: SoapAdapterOptions): Adapter {
  const { register, source: read } = options;
  const source = fullForm(read);
  const profile = profileOf(source, options);
  const exchange: ExchangeOptions = {
    ...options,
    format: messageFormat(source, profile),
    version: source.version,
    constants: read.constants,
    callIds: carriesCallId(read) ? profile.callIds : 'none',
    timeText: timeWriter(read.zone),
  };
  const mapping = { register, source, operations: compileOperations(source, profile) };
  if (options.consentTokens === undefined && [...mapping.operations.values()].some(({ asksConsent }) => asksConsent))
    throw new Error(`${register} wants tokens of consent: registers.${register} needs consent_tokens`);
  return {
    register,
    prepare: (selection) => prepare(selection, mapping),
    read: async (call) => {
      const groups = call.groups.map((group) =>
        group.keys === undefined ? rootSlots(group, register) : entitySlots(group, register),
      );
      const wants = groups.flat().flatMap(({ want, apart }) => [want, ...apart]);
      const replies = await ask(wants, call, exchange);
      const answers = groups.map((slots, at) => readGroup(slots, replies, call.groups[at]?.keys === undefined));
      return { groups: answers };
    },
    close: async () => {
      options.client.close();
      options.consentTokens?.close();
    },
  };
}

function profileOf(source: FullSource, { register, sender, member }: SoapAdapterOptions): SoapProfile {
  if (source.shep !== undefined) {
    if (sender === undefined) throw new Error(`${register} is asked through SHEP, which must know the sender`);
    return shepProfile(source, source.shep, sender);
  }
  if (source.profile !== 'xroad-4.0') return plainProfile(source);
  if (member === undefined) throw new Error(`${register} is asked through X-Road, which must know the client`);
  return xroadProfile(source, member);
}

function rootSlots({ prepared, variables }: CallGroup, register: string): readonly Slot[] {
  return (prepared as PreparedRoots).roots.map((root) => {
    const args = root.field.argumentsFrom?.(variables) ?? {};
    const path = [0, root.field.responseKey];
    if (root.by === 'arguments') return { path, want: { apart: root, key: undefined, args }, apart: [] };
    const { type, argument } = root;
    const key = keyFields(type.key, { [type.key[0] ?? '']: args[argument] }, register);
    return keySlot(path, { type, key }, variables);
  });
}

function entitySlots({ prepared, variables, keys = [] }: CallGroup, register: string): readonly Slot[] {
  return keys.map((representation, place) => {
    const type = (prepared as PreparedEntities).types.get(String(representation['__typename']));
    if (type === undefined) throw new RegisterFailure(register, 'key_type');
    return keySlot([place], { type, key: keyFields(type.key, representation, register) }, variables);
  });
}

function keySlot(path: ResponsePath, want: KeyWant, variables: CallGroup['variables']): Slot {
  const apart = want.type.apart.map((field): ApartWant => {
    const args = field.field.argumentsFrom?.(variables) ?? {};
    return { apart: field, key: want.key, args };
  });
  return { path, want, apart };
}

/** A key is a text. One of several fields may be a number, such as a year. */
function keyFields(names: readonly string[], from: Readonly<Record<string, unknown>>, register: string): KeyFields {
  const fields: Record<string, unknown> = {};
  for (const name of names) {
    const value = from[name];
    if (typeof value !== 'string' && (names.length === 1 || typeof value !== 'number'))
      throw new RegisterFailure(register, 'key_type');
    fields[name] = value;
  }
  return fields;
}

/** For roots, the slots make one record by response key. For entities, each makes one record. */
function readGroup(slots: readonly Slot[], replies: Replies, isRoot: boolean): GroupAnswer {
  const noted: Noted = { errors: [], findings: [] };
  const values = slots.map(({ path, want, apart }) => {
    const value = readReply(path, want, replies, noted);
    if (value === null || Array.isArray(value)) return value;
    for (const field of apart) {
      const { responseKey } = field.apart.field;
      (value as Record<string, unknown>)[responseKey] = readReply([...path, responseKey], field, replies, noted);
    }
    return value;
  });
  const { errors, findings } = noted;
  const found = {
    errors,
    ...(findings.length > 0 ? { findings } : {}),
    ...convertedOf(slots, replies),
    ...beyondOf(slots, replies),
  };
  if (!isRoot) return { records: values as GroupAnswer['records'], ...found };
  const root = bareObject();
  slots.forEach(({ path }, at) => {
    root[String(path[1])] = values[at] ?? null;
  });
  return { records: [root], ...found };
}

/** What was converted of the records of a group. */
function convertedOf(slots: readonly Slot[], replies: Replies): Pick<GroupAnswer, 'converted'> {
  const of = new Set(slots.flatMap(({ want, apart }) => [want, ...apart].map((one) => replies.of(one).prepared)));
  const converted = new Set([...of].flatMap((prepared) => prepared.converted));
  return converted.size === 0 ? {} : { converted: [...converted] };
}

/** What came beyond the selection of a group, in any of its messages. */
function beyondOf(slots: readonly Slot[], replies: Replies): Pick<GroupAnswer, 'beyond'> {
  const messages = new Set(slots.flatMap(({ want, apart }) => [want, ...apart].map((one) => replies.of(one).beyond)));
  const beyond = new BeyondFinder();
  for (const { found } of messages) if (found !== undefined) beyond.add(found);
  return beyond.found === undefined ? {} : { beyond: beyond.found };
}

function readReply(path: ResponsePath, want: Want, replies: Replies, { errors, findings }: Noted): unknown {
  const { prepared, found } = replies.of(want);
  const read = (record: Record<string, unknown> | null | undefined, at: ResponsePath): unknown =>
    record === undefined || record === null
      ? null
      : prepared.read(
          record,
          (below, reason) => errors.push({ path: [...at, ...below], reason }),
          (below, field) => findings.push({ path: [...at, ...below], field }),
        );
  return Array.isArray(found)
    ? found.map((record: Record<string, unknown> | null, at) => read(record, [...path, at]))
    : read(found as Record<string, unknown> | undefined, path);
}
