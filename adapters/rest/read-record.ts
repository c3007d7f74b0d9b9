import type { GroupAnswer, SelectedField } from '../port.js';
import { emptyObject, isObject, ownMember } from '../response-object.js';
import type { RestField, RestSource } from '../source/source-file.js';

type FieldFailure = GroupAnswer['errors'][number];

/** Reads one register record into the selection's form. */
export type ReadRecord = (record: Readonly<Record<string, unknown>>, errors: (path: readonly (string | number)[]) => void) => Record<string, unknown>;

/** A value that is not of the JSON kind that the mapping promises. */
const MALFORMED = Symbol('malformed');

type ReadValue = (record: Readonly<Record<string, unknown>>, path: readonly (string | number)[], failed: (path: readonly (string | number)[]) => void) => unknown;

/**
 * Compiles a selection against the mapping: response keys to paths in the record. Throws when the
 * mapping lacks a field, or when something other than the key is asked of a reference, which is
 * another person's record.
 */
export function compileReadRecord(source: RestSource, type: string, fields: readonly SelectedField[]): ReadRecord {
  const read = compileObject(source, type, fields);
  return (record, failed) => read(record, [], failed) as Record<string, unknown>;
}

function compileObject(source: RestSource, type: string, fields: readonly SelectedField[]): ReadValue {
  const readers = fields.map((field) => ({ key: field.responseKey, read: compileField(source, type, field) }));
  return (record, path, failed) => {
    const made = emptyObject();
    for (const { key, read } of readers) {
      const value = read(record, [...path, key], failed);
      if (value === MALFORMED) failed([...path, key]);
      made[key] = value === MALFORMED ? null : value;
    }
    return made;
  };
}

function compileField(source: RestSource, type: string, field: SelectedField): ReadValue {
  if (field.name === '__typename') return () => type;
  const mapped = source.types[type]?.fields[field.name];
  if (mapped === undefined) throw new Error(`source.yaml maps no ${type}.${field.name}`);
  const valueAt = compilePath(typeof mapped === 'string' ? mapped : mapped.path);
  const readOne = compileOne(source, mapped, field);
  if (!field.list) return (record, path, failed) => orNull(valueAt(record), (value) => readOne(value, path, failed));
  return (record, path, failed) =>
    orNull(valueAt(record), (value) => (Array.isArray(value) ? value.map((item, position) => orNull(item, (one) => readOne(one, [...path, position], failed))) : MALFORMED));
}

type ReadOne = (value: unknown, path: readonly (string | number)[], failed: (path: readonly (string | number)[]) => void) => unknown;

function compileOne(source: RestSource, mapped: RestField, field: SelectedField): ReadOne {
  if (typeof mapped === 'string') return (value) => (typeof value === 'object' ? MALFORMED : value);
  if ('reference' in mapped) return compileReference(source, mapped.reference, field);
  const read = compileObject(source, mapped.type, field.fields);
  return (value, path, failed) => (isObject(value) ? read(value, path, failed) : MALFORMED);
}

/** A reference holds another person's key and nothing more. */
function compileReference(source: RestSource, type: string, field: SelectedField): ReadOne {
  const key = source.types[type]?.key;
  const beyond = field.fields.find(({ name }) => name !== '__typename' && name !== key);
  if (beyond !== undefined) throw new Error(`${field.parentType}.${field.name}.${beyond.name} is in another record: it must be asked apart`);
  return (value) => {
    if (typeof value !== 'string') return MALFORMED;
    const made = emptyObject();
    for (const { name, responseKey } of field.fields) made[responseKey] = name === '__typename' ? type : value;
    return made;
  };
}

function compilePath(path: string): (record: Readonly<Record<string, unknown>>) => unknown {
  const steps = path.split('.');
  return (record) => steps.reduce<unknown>((value, step) => (isObject(value) ? ownMember(value, step) : undefined), record);
}

function orNull(value: unknown, read: (present: unknown) => unknown): unknown {
  return value === undefined || value === null ? null : read(value);
}

/** Field failures of one record, with the record's place before each path. */
export function failuresAt(place: number, paths: readonly (readonly (string | number)[])[]): readonly FieldFailure[] {
  return paths.map((path) => ({ path: [place, ...path], failure: 'malformed' as const }));
}

/** True when records of this type hold mapped fields that were not selected: the protocol returns whole records. */
export function selectsLess(source: RestSource, type: string, fields: readonly SelectedField[]): boolean {
  const selected = new Set(fields.map(({ name }) => name));
  return Object.keys(source.types[type]?.fields ?? {}).some((name) => !selected.has(name));
}
