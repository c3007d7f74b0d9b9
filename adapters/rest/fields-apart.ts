import { isObject } from '../../schemas/objects.js';
import type { ResponsePath } from '../mapping/compile-record.js';
import type { RegisterCall } from '../port.js';
import type { AskOptions } from './ask-operation.js';
import { ITEM_FAILED, type ItemOutcome } from './by-key/match-items.js';
import { keyText } from './by-key/record-key.js';
import type { Findings } from './findings.js';
import type { PreparedApart } from './prepared-record.js';
import type { RequestValues } from './request/values.js';
import { apartWish, Wishes } from './wishes.js';

/** The records of a group, with what is found beside them. */
export interface AnsweredGroup {
  readonly records: readonly (Record<string, unknown> | null)[];
  readonly findings: Findings;
  readonly variables: RequestValues;
}

/**
 * Reads the fields of records, at any depth, that are in answers of their own, by the keys of the objects that have them,
 * and writes them into the records. Rejects like `readByKey`.
 */
export async function readFieldsApart(
  { records, findings, variables }: AnsweredGroup,
  call: RegisterCall,
  options: AskOptions,
): Promise<void> {
  // What is read may have such fields itself. The selection ends that.
  for (let met = findings.takeApart(); met.length > 0; met = findings.takeApart()) {
    const wishes = new Wishes();
    for (const { apart, key } of met) wishes.addApart(apart, variables, key);
    const read = await wishes.read(call, options);
    for (const { apart, key, path } of met)
      write(records, path, valueOf(read.get(apartWish(apart, variables))?.get(keyText(key)), apart, path, findings));
  }
}

function write(records: AnsweredGroup['records'], path: ResponsePath, value: unknown): void {
  const last = path.at(-1);
  let holder: unknown = records;
  for (const step of path.slice(0, -1)) holder = (holder as Readonly<Record<string | number, unknown>>)[step];
  if (isObject(holder) && last !== undefined) (holder as Record<string, unknown>)[last] = value;
}

/** Returns the value of a field apart. `at`: its place in the answer. */
export function valueOf(
  outcome: ItemOutcome | undefined,
  { field, record }: PreparedApart,
  at: ResponsePath,
  findings: Findings,
): unknown {
  if (outcome === ITEM_FAILED) {
    findings.fail(at, 'batch_item_error');
    return null;
  }
  if (field.list) return (outcome ?? []).map((item, position) => findings.read(item, record, [...at, position]));
  const [only] = outcome ?? [];
  return only === undefined ? null : findings.read(only, record, at);
}
