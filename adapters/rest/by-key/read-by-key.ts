import { RegisterFailure } from '../../port.js';
import { pointer } from '../../json-pointer.js';
import type { RegisterRecord } from '../../mapping/compile-record.js';
import { runInTurns } from '../../run-parts.js';
import { isObject } from '../../../schemas/objects.js';
import { ITEM_FAILED, matchItems, type ItemOutcome } from './match-items.js';
import { keyFault, keyText, type KeyReader, type KeyValues } from './record-key.js';
import { ask, during, type AskOptions } from '../ask-operation.js';
import type { CompiledBatch, Operation } from '../operations/compile-operation.js';
import { readPages } from '../pages/read-pages.js';
import type { RequestValues } from '../request/values.js';
import type { RestCall } from '../rest-client.js';

/** A question about keys, put to one operation. */
export interface KeyedQuestion {
  readonly operation: Operation;
  /** Names of the key's fields, which are those of its placeholders. */
  readonly names: readonly string[];
  readonly key: KeyReader;
  /** The other placeholders: arguments and selection. */
  readonly values: RequestValues;
  /** Whether each key has a list of records. */
  readonly isList: boolean;
}

/** What was read of each key, by `keyText`. */
export type OutcomesByKey = ReadonlyMap<string, ItemOutcome>;

/**
 * Reads what an operation has for distinct keys. A batch goes out in as few requests as its limit allows, all at once;
 * single reads at most `parallel` at once. If one fails, the others are cancelled. Rejects with `RegisterFailure`, also for
 * a record about someone who was not asked for.
 */
export async function readByKey(
  question: KeyedQuestion,
  keys: readonly KeyValues[],
  call: RestCall,
  options: AskOptions,
): Promise<OutcomesByKey> {
  const { batch, parallel } = question.operation;
  const parts: readonly ((part: RestCall) => Promise<OutcomesByKey>)[] =
    batch === undefined
      ? keys.map(
          (key) => async (part: RestCall) => new Map([[keyText(key), await readOne(question, key, part, options)]]),
        )
      : chunksOf(keys, batch.max).map(
          (chunk) => (part: RestCall) => readChunk(question, { batch, keys: chunk }, part, options),
        );
  const read = await during(question.operation, () =>
    runInTurns(call, parts, batch === undefined ? parallel : parts.length),
  );
  const [only] = read;
  return only !== undefined && read.length === 1 ? only : new Map(read.flatMap((outcomes) => [...outcomes]));
}

async function readChunk(
  question: KeyedQuestion,
  { batch, keys }: { readonly batch: CompiledBatch; readonly keys: readonly KeyValues[] },
  call: RestCall,
  options: AskOptions,
): Promise<OutcomesByKey> {
  const { operation, names, key, isList } = question;
  const values: Record<string, unknown> = { ...question.values };
  for (const [position, name] of names.entries()) values[name] = keys.map((one) => one[position]);
  const asked = { operation, values, about: keys.map(keyText) };
  const items =
    operation.page === undefined
      ? operation.answer.items(await ask(asked, call, options))
      : await readPages(asked, call, options);
  if (items === null) return new Map(keys.map((one) => [keyText(one), null]));
  return matchItems(items, { register: options.register, operation, batch, key, keys, names, isList });
}

async function readOne(
  question: KeyedQuestion,
  key: KeyValues,
  call: RestCall,
  options: AskOptions,
): Promise<ItemOutcome> {
  const { operation, names, isList } = question;
  const values: Record<string, unknown> = { ...question.values };
  for (const [position, name] of names.entries()) values[name] = key[position];
  const asked = { operation, values, about: [keyText(key)] };
  if (operation.itemsAt !== undefined) {
    const items = await readList(asked, call, options);
    if (isList || items === null) return items;
    throw new RegisterFailure(options.register, 'value_type', { at: pointer(operation.itemsAt) });
  }
  const record = operation.answer.record(await ask(asked, call, options));
  if (record === null) return null;
  checkKey(record, question, key, options.register);
  return [record];
}

/** The record must have the key that was asked for. Otherwise another person's record would be merged under this one. */
function checkKey(record: RegisterRecord, { key: reader }: KeyedQuestion, key: KeyValues, register: string): void {
  const fault = reader.isStated ? keyFault(reader.keyOf(record), key) : undefined;
  if (fault !== undefined) throw new RegisterFailure(register, fault);
}

/** Reads a list, with all its pages. Returns null if the register says that there is none. */
export async function readList(
  asked: Parameters<typeof ask>[0],
  call: RestCall,
  options: AskOptions,
): Promise<readonly RegisterRecord[] | null> {
  const { operation } = asked;
  const at = pointer(operation.itemsAt ?? []);
  const read =
    operation.page === undefined
      ? operation.answer.items(await ask(asked, call, options))
      : await readPages(asked, call, options);
  if (read === null) return null;
  const items: unknown = operation.isOneOrMany && !Array.isArray(read) ? [read] : read;
  if (!Array.isArray(items)) throw new RegisterFailure(options.register, 'not_a_list', { at });
  return items.map((item, position) => recordIn(item, operation, position, options.register));
}

function recordIn(
  item: unknown,
  { recordInItem, itemsAt }: Operation,
  position: number,
  register: string,
): RegisterRecord {
  let record: unknown = item;
  for (const step of recordInItem)
    record = isObject(record) || Array.isArray(record) ? (record as RegisterRecord)[step] : undefined;
  if (isObject(record)) return record;
  throw new RegisterFailure(register, 'value_type', { at: pointer([...(itemsAt ?? []), position]) });
}

/** Returns the one record of an outcome. */
export function recordOf(outcome: ItemOutcome | undefined): RegisterRecord | null | typeof ITEM_FAILED {
  return outcome === ITEM_FAILED ? outcome : (outcome?.[0] ?? null);
}

function chunksOf(keys: readonly KeyValues[], size: number): readonly (readonly KeyValues[])[] {
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, chunk) =>
    keys.slice(chunk * size, (chunk + 1) * size),
  );
}
