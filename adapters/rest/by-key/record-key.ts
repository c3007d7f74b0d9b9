import { Numeral } from '../../../schemas/numeral.js';
import { isObject, ownMember } from '../../../schemas/objects.js';
import type { FailureReason } from '../../../schemas/failures/register-failure.js';
import { compileRecord } from '../../mapping/compile-record.js';
import { readingOf, type MappedTypes } from '../../mapping/mapped-field.js';
import type { Path } from '../../mapping/path.js';
import type { SelectedField } from '../../port.js';
import { valueAt } from '../answer/walk.js';

/** The values of a key's fields, in their order. */
export type KeyValues = readonly unknown[];

/** Reads the key of a record. */
export interface KeyReader {
  /** Whether records say whose they are. Otherwise only their order, or the question, tells. */
  readonly isStated: boolean;
  /** Returns the key in a record; a field that is absent, or not what its mapping says, is undefined. */
  keyOf(record: unknown): KeyValues;
}

/**
 * Compiles where the key of a record is: at `keyAt`, by the name of each field or under the name '' for a key of one
 * field; else where the type maps its key fields. A field that the register does not provide is not stated.
 */
export function compileKey(
  types: MappedTypes,
  type: string | undefined,
  keys: readonly string[],
  keyAt: ReadonlyMap<string, Path>,
): KeyReader {
  const readers = keys.map((key) => {
    const path = keyAt.get(key) ?? (keys.length === 1 ? keyAt.get('') : undefined);
    return path === undefined ? mappedKey(types, type, key) : (record: unknown) => valueAt(record, path);
  });
  const stated = readers.filter((read) => read !== undefined);
  return {
    isStated: stated.length === keys.length && keys.length > 0,
    keyOf: (record) => stated.map((read) => read(record)),
  };
}

function mappedKey(types: MappedTypes, type = '', key: string): ((record: unknown) => unknown) | undefined {
  const mapped = ownMember(ownMember(types, type)?.fields ?? {}, key);
  if (mapped === undefined || readingOf(key, mapped).kind !== 'leaf') return undefined;
  const field: SelectedField = { parentType: type, name: key, responseKey: key, type: '', list: false, fields: [] };
  const { read } = compileRecord(types, type, [field]);
  return (record) => (isObject(record) ? (read(record, () => undefined)[key] ?? undefined) : undefined);
}

/** Why the key of a record is not the key that was asked for; undefined if it is. */
export function keyFault(found: KeyValues, asked: KeyValues): FailureReason | undefined {
  for (const [position, value] of asked.entries()) {
    const given = found[position];
    if (given === undefined || given === null) return 'key_missing';
    if (kindOf(given) !== kindOf(value)) return 'key_type';
    if (String(given) !== String(value)) return 'other_subject';
  }
  return undefined;
}

/** Why the key of a record is no key of the kind that was asked for; undefined if it is one. */
export function keyShapeFault(found: KeyValues, asked: KeyValues): FailureReason | undefined {
  const fault = keyFault(found, asked);
  return fault === 'other_subject' ? undefined : fault;
}

function kindOf(value: unknown): string {
  return value instanceof Numeral ? 'number' : typeof value;
}

/** Returns a text that is the same for equal keys and no others. */
export function keyText(values: KeyValues): string {
  const [only] = values;
  return values.length === 1 ? String(only) : JSON.stringify(values.map(String));
}
