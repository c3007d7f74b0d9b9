import type { SelectedField } from '../port.js';
import type { MappedField, MappedList, MappedTypes } from './mapped-types.js';
import { Numeral } from '../../schemas/numeral.js';
import { bareObject, isLeaf, isObject, ownMember } from '../../schemas/objects.js';

/** The part of a `source.yaml` that says where fields are. */
interface RecordMapping {
  readonly types: MappedTypes;
}

export type RegisterRecord = Readonly<Record<string, unknown>>;
export type ResponsePath = readonly (string | number)[];
/** Called for each field whose value is not of the kind that the mapping promises. */
export type OnMalformed = (path: ResponsePath) => void;

/**
 * Reads one register record into the form of the selection. A malformed value becomes null and is never repaired. A
 * member that the record lacks is null, like a member that is null in the record.
 */
export type ReadRecord = (record: RegisterRecord, onMalformed: OnMalformed) => Record<string, unknown>;

type ReadValue = (value: unknown, path: ResponsePath, onMalformed: OnMalformed) => unknown;

/**
 * Compiles a selection with the mapping: response keys to paths in the record. Throws if the mapping lacks a field, or
 * if a field other than the key is selected of a reference, which is another person's record.
 */
export function compileReadRecord(source: RecordMapping, type: string, fields: readonly SelectedField[]): ReadRecord {
  const read = compileObject(source, type, fields);
  return (record, onMalformed) => read(record, [], onMalformed);
}

function compileObject(
  source: RecordMapping,
  type: string,
  fields: readonly SelectedField[],
): (record: RegisterRecord, path: ResponsePath, onMalformed: OnMalformed) => Record<string, unknown> {
  const readers = fields.map((field) => ({ key: field.responseKey, read: compileField(source, type, field) }));
  return (record, path, onMalformed) => {
    const made = bareObject();
    for (const { key, read } of readers) made[key] = read(record, [...path, key], onMalformed);
    return made;
  };
}

function compileField(source: RecordMapping, type: string, field: SelectedField): ReadValue {
  if (field.name === '__typename') return () => type;
  const mapped = ownMember(ownMember(source.types, type)?.fields ?? {}, field.name);
  if (mapped === undefined) throw new Error(`source.yaml maps no ${type}.${field.name}`);
  if (typeof mapped === 'object' && 'list' in mapped)
    throw new Error(`${type}.${field.name} is not in the record: it can be asked of an entity only`);
  const valueAt = compilePath(typeof mapped === 'string' ? mapped : mapped.path);
  const readOne = nullable(compileOne(source, mapped, field));
  const read = field.list ? nullable(listOf(readOne)) : readOne;
  return (record, path, onMalformed) => read(valueAt(record), path, onMalformed);
}

function compileOne(source: RecordMapping, mapped: Exclude<MappedField, MappedList>, field: SelectedField): ReadValue {
  if (typeof mapped === 'string')
    return (value, path, onMalformed) => (isLeaf(value) ? value : malformed(path, onMalformed));
  if ('as' in mapped) return readText;
  if ('reference' in mapped) return compileReference(source, mapped.reference, field);
  const read = compileObject(source, mapped.type, field.fields);
  return (value, path, onMalformed) =>
    isObject(value) ? read(value, path, onMalformed) : malformed(path, onMalformed);
}

/** Reads a number by the digits that were sent. */
function readText(value: unknown, path: ResponsePath, onMalformed: OnMalformed): unknown {
  const isNumber = typeof value === 'number' || value instanceof Numeral;
  return isNumber || typeof value === 'string' ? String(value) : malformed(path, onMalformed);
}

/** A reference holds another person's key and nothing else. */
function compileReference(source: RecordMapping, type: string, field: SelectedField): ReadValue {
  const key = source.types[type]?.key;
  const beyond = field.fields.find(({ name }) => name !== '__typename' && name !== key);
  if (beyond !== undefined)
    throw new Error(`${field.parentType}.${field.name}.${beyond.name} is in another record: it must be asked apart`);
  return (value, path, onMalformed) => {
    if (typeof value !== 'string') return malformed(path, onMalformed);
    const made = bareObject();
    for (const { name, responseKey } of field.fields) made[responseKey] = name === '__typename' ? type : value;
    return made;
  };
}

function listOf(readOne: ReadValue): ReadValue {
  return (value, path, onMalformed) =>
    Array.isArray(value)
      ? value.map((item, position) => readOne(item, [...path, position], onMalformed))
      : malformed(path, onMalformed);
}

function nullable(read: ReadValue): ReadValue {
  return (value, path, onMalformed) => (value === undefined || value === null ? null : read(value, path, onMalformed));
}

function malformed(path: ResponsePath, onMalformed: OnMalformed): null {
  onMalformed(path);
  return null;
}

function compilePath(path: string): (record: unknown) => unknown {
  const steps = path.split('.');
  return (record) =>
    steps.reduce<unknown>((value, step) => (isObject(value) ? ownMember(value, step) : undefined), record);
}

/**
 * Whether records of this type, whole or `pruned` to the selected members, hold mapped fields that were not selected.
 */
export function selectsLess(
  source: RecordMapping,
  type: string,
  fields: readonly SelectedField[],
  pruned = false,
): boolean {
  const mapped = source.types[type]?.fields ?? {};
  const selected = new Set(fields.map(({ name }) => name));
  const holdsMoreIn = (field: SelectedField): boolean => {
    const inner = mapped[field.name];
    return (
      typeof inner === 'object' && 'type' in inner && 'path' in inner && selectsLess(source, inner.type, field.fields)
    );
  };
  const inRecord = Object.entries(mapped).filter(([, field]) => typeof field === 'string' || !('list' in field));
  return (!pruned && inRecord.some(([name]) => !selected.has(name))) || fields.some(holdsMoreIn);
}
