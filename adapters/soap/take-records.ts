import { isObject } from '../../schemas/objects.js';
import { AnswerRefused } from './answer-refused.js';
import type { AnswerOutcome } from './answer/answer-tree.js';
import type { PreparedRecord } from './prepare.js';
import type { KeyFields } from './question-values.js';

type Records = Extract<AnswerOutcome, { is: 'records' }>;

export interface TakenRecords {
  /** By the identity of their key. A key that no record has is not in it. */
  readonly byKey: ReadonlyMap<string, Record<string, unknown>>;
  /** True if there were records of others, which were dropped. */
  readonly hasOthers: boolean;
}

/** The identity of a key: equal for equal fields only. */
export function identityOf(key: readonly string[], fields: KeyFields): string {
  return key.length === 1 ? String(fields[key[0] ?? '']) : JSON.stringify(key.map((name) => String(fields[name])));
}

/**
 * Returns the record of each key that was asked. Every key must have one record, or be absent in the way that the mapping
 * says: otherwise a record was left out, or one record is that of two. Throws {@link AnswerRefused}.
 */
export function takeMany(outcome: AnswerOutcome, keys: readonly KeyFields[], prepared: PreparedRecord): TakenRecords {
  if (outcome.is === 'absent') return { byKey: new Map(), hasOthers: false };
  const records = recordsIn(outcome);
  const asked = keys.map((fields) => identityOf(prepared.key, fields));
  const { batch } = prepared.operation.source;
  if (batch?.answer === 'ordered') return takeOrdered(records, asked, prepared);
  return takeUnordered(records, asked, prepared);
}

function takeUnordered(
  { records, absentKeys }: Records,
  asked: readonly string[],
  prepared: PreparedRecord,
): TakenRecords {
  const { batch, dropsOthers } = prepared.operation.source;
  const wanted = new Set(asked);
  const absent = new Set(absentKeys);
  const byKey = new Map<string, Record<string, unknown>>();
  let hasOthers = false;
  for (const record of records) {
    const key = isObject(record) ? keyOf(record, prepared) : undefined;
    if (key === undefined || !wanted.has(key) || !isObject(record)) {
      if (dropsOthers !== true) throw new AnswerRefused(key === undefined ? 'key_missing' : 'other_subject');
      hasOthers = true;
      continue;
    }
    if (byKey.has(key) || absent.has(key)) throw new AnswerRefused('duplicate_record');
    byKey.set(key, record);
  }
  if (batch?.absent !== 'omitted' && asked.some((key) => !byKey.has(key) && !absent.has(key)))
    throw new AnswerRefused('batch_count');
  return { byKey, hasOthers };
}

function takeOrdered({ records }: Records, asked: readonly string[], prepared: PreparedRecord): TakenRecords {
  if (records.length !== asked.length) throw new AnswerRefused('batch_count');
  const byKey = new Map<string, Record<string, unknown>>();
  records.forEach((record, at) => {
    const expected = asked[at] ?? '';
    if (record === null) return;
    if (!isObject(record)) throw new AnswerRefused('soap_unexpected');
    const key = keyOf(record, prepared);
    if (key === undefined && Object.values(record).every((value) => value === null)) return;
    if (key === undefined && prepared.keyOf !== undefined) throw new AnswerRefused('key_missing');
    if (key !== undefined && key !== expected) throw new AnswerRefused('other_subject');
    byKey.set(expected, record);
  });
  return { byKey, hasOthers: false };
}

/**
 * Returns the one record of an answer to one key; undefined if the register does not have it. A record that holds another
 * key is refused. `asked` is undefined for a question without a key.
 */
export function takeOne(
  outcome: AnswerOutcome,
  asked: KeyFields | undefined,
  prepared: PreparedRecord,
): Record<string, unknown> | undefined {
  if (outcome.is === 'absent') return undefined;
  const { records } = recordsIn(outcome);
  const [record] = records;
  if (records.length > 1) throw new AnswerRefused('duplicate_record');
  if (record === undefined || record === null) {
    if (prepared.operation.source.answer.not_found.missing === true) return undefined;
    throw new AnswerRefused('soap_unexpected');
  }
  if (!isObject(record)) throw new AnswerRefused('soap_unexpected');
  if (asked !== undefined && prepared.keyOf !== undefined) {
    const key = keyOf(record, prepared);
    if (key === undefined) throw new AnswerRefused('key_missing');
    if (key !== identityOf(prepared.key, asked)) throw new AnswerRefused('other_subject');
  }
  return record;
}

/** Returns all records of an answer, in their order; null for one that is nil. */
export function takeAll(outcome: AnswerOutcome): readonly (Record<string, unknown> | null)[] {
  if (outcome.is === 'absent') return [];
  return recordsIn(outcome).records.map((record) => {
    if (record !== null && !isObject(record)) throw new AnswerRefused('soap_unexpected');
    return record;
  });
}

function recordsIn(outcome: AnswerOutcome): Records {
  if (outcome.is === 'records') return outcome;
  if (outcome.is === 'declined') throw new AnswerRefused('status_code_unknown', { isDeclined: true });
  throw new AnswerRefused(outcome.is === 'repeated' ? 'duplicate_record' : 'soap_unexpected');
}

/** Undefined if the record does not hold its key. */
function keyOf(record: Record<string, unknown>, { key, keyOf: read }: PreparedRecord): string | undefined {
  const fields = read?.(record);
  return fields === undefined ? undefined : identityOf(key, fields);
}
