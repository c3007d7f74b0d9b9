import { isObject } from '../../../schemas/objects.js';
import type { FailureReason } from '../../../schemas/failures/register-failure.js';
import type { RegisterRecord } from '../../mapping/compile-record.js';
import type { Path } from '../../mapping/path.js';
import { pointer } from '../../json-pointer.js';
import { RegisterFailure } from '../../port.js';
import type { CompiledBatch, Operation } from '../operations/compile-operation.js';
import { keyFault, keyShapeFault, keyText, type KeyReader, type KeyValues } from './record-key.js';
import { walk } from '../answer/walk.js';
import { ValueRefused } from '../request/values.js';

/** Stands for what the register could not answer, where it answered others. */
export const ITEM_FAILED = Symbol('item failed');

/** What a batch says of one key: one record, several in a list of its own, none, or that it failed. */
export type ItemOutcome = readonly RegisterRecord[] | null | typeof ITEM_FAILED;

export interface AskedItems {
  readonly register: string;
  readonly operation: Operation;
  readonly batch: CompiledBatch;
  readonly key: KeyReader;
  readonly keys: readonly KeyValues[];
  /** Names of the key's fields. */
  readonly names: readonly string[];
  /** Whether a key may have several records. Otherwise a second one is a failure. */
  readonly isList: boolean;
}

/**
 * Returns what a batch says of each key that was asked, by `keyText`. Throws `RegisterFailure` for a record about a key
 * that was not asked, a second record of a key, and a number of items that leaves open whose they are.
 */
export function matchItems(items: unknown, asked: AskedItems): ReadonlyMap<string, ItemOutcome> {
  switch (asked.batch.answer) {
    case 'ordered':
      return matchOrdered(listOf(items, asked), asked);
    case 'unordered':
      return matchUnordered(listOf(items, asked), asked);
    case 'by_key':
      return matchByKey(items, asked);
  }
}

function listOf(items: unknown, asked: AskedItems): readonly unknown[] {
  if (Array.isArray(items)) return items;
  if (asked.operation.isOneOrMany && items !== undefined && items !== null) return [items];
  throw failure('not_a_list', asked, []);
}

function matchOrdered(items: readonly unknown[], asked: AskedItems): ReadonlyMap<string, ItemOutcome> {
  const { keys } = asked;
  if (items.length !== keys.length) throw failure('batch_count', asked, []);
  const found = new Map<string, ItemOutcome>();
  for (const [position, key] of keys.entries()) {
    const outcome = outcomeOf(items[position], asked, [position]);
    if (Array.isArray(outcome) && asked.key.isStated)
      for (const record of outcome) {
        // The key is in the item, or in the record that the item holds.
        const fault = keyFault(asked.key.keyOf(keyHolder(items[position], record, asked)), key);
        if (fault !== undefined) throw failure(fault, asked, [position]);
      }
    found.set(keyText(key), outcome);
  }
  return found;
}

function matchUnordered(items: readonly unknown[], asked: AskedItems): ReadonlyMap<string, ItemOutcome> {
  const { keys, batch, isList, key: reader } = asked;
  const [pattern = []] = keys;
  const open = new Set(keys.map(keyText));
  const found = new Map<string, ItemOutcome>();
  let nulls = 0;
  for (const [position, item] of items.entries()) {
    if (item === null && batch.hasAll) {
      nulls += 1;
      continue;
    }
    const outcome = outcomeOf(item, asked, [position]);
    const values = reader.keyOf(keyHolder(item, outcome, asked));
    const fault = keyShapeFault(values, pattern);
    if (fault !== undefined) throw failure(fault, asked, [position]);
    const text = keyText(values);
    if (!open.has(text)) throw failure('other_subject', asked, [position]);
    const before = found.get(text);
    if (before !== undefined && !(isList && Array.isArray(before) && Array.isArray(outcome)))
      throw failure('duplicate_record', asked, [position]);
    found.set(text, Array.isArray(before) && Array.isArray(outcome) ? [...before, ...outcome] : outcome);
  }
  if (batch.hasAll && found.size + nulls !== keys.length) throw failure('batch_count', asked, []);
  return completed(found, keys);
}

function matchByKey(items: unknown, asked: AskedItems): ReadonlyMap<string, ItemOutcome> {
  if (!isObject(items)) throw failure('envelope_missing', asked, []);
  const byName = new Map(asked.keys.map((key) => [nameOf(key, asked), key]));
  if (byName.size !== asked.keys.length) throw failure('batch_count', asked, []);
  const found = new Map<string, ItemOutcome>();
  for (const [name, item] of Object.entries(items)) {
    const key = byName.get(name);
    if (key === undefined) throw failure('other_subject', asked, []);
    const outcome = outcomeOf(item, asked, []);
    for (const record of Array.isArray(outcome) && asked.key.isStated ? outcome : []) {
      const fault = keyFault(asked.key.keyOf(keyHolder(item, record, asked)), key);
      // The name has told the key already.
      if (fault !== undefined && fault !== 'key_missing') throw failure(fault, asked, []);
    }
    found.set(keyText(key), outcome);
  }
  if (asked.batch.hasAll && found.size !== byName.size) throw failure('batch_count', asked, []);
  return completed(found, asked.keys);
}

function nameOf(key: KeyValues, { batch, names, register }: AskedItems): string {
  if (batch.nameOf === undefined) return keyText(key);
  try {
    return batch.nameOf(Object.fromEntries(names.map((name, position) => [name, key[position]]))) ?? '';
  } catch (error) {
    if (error instanceof ValueRefused) throw new RegisterFailure(register, 'key_type');
    throw error;
  }
}

/** A key that the answer leaves out has no record. */
function completed(found: Map<string, ItemOutcome>, keys: readonly KeyValues[]): ReadonlyMap<string, ItemOutcome> {
  for (const key of keys) if (!found.has(keyText(key))) found.set(keyText(key), null);
  return found;
}

function outcomeOf(item: unknown, asked: AskedItems, place: Path): ItemOutcome {
  const { batch, operation, isList } = asked;
  if (item === null) return null;
  if (batch.isAbsent(item)) return null;
  if (batch.isFailed(item)) return ITEM_FAILED;
  const walked = walk(item, operation.recordInItem);
  if (walked.kind === 'null') return null;
  if (walked.kind !== 'value') throw failure('envelope_missing', asked, [...place, ...operation.recordInItem]);
  const { value } = walked;
  if (isObject(value)) return [value];
  if (isList && Array.isArray(value) && value.every(isObject)) return value;
  throw failure('value_type', asked, place);
}

function keyHolder(item: unknown, record: unknown, { batch }: AskedItems): unknown {
  if (batch.keyAt.size > 0) return item;
  return Array.isArray(record) ? (record as readonly unknown[])[0] : record;
}

/** The name of a member may be a key: it is no part of the place. */
function failure(reason: FailureReason, { register, operation }: AskedItems, place: Path): RegisterFailure {
  return new RegisterFailure(register, reason, { at: pointer([...(operation.itemsAt ?? []), ...place]) });
}
