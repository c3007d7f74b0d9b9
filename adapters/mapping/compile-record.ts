import { Numeral } from '../../schemas/numeral.js';
import { bareObject, isObject, ownMember } from '../../schemas/objects.js';
import type { SelectedField } from '../port.js';
import {
  keyFieldsOf,
  readingOf,
  transformsOf,
  type AnyField,
  type FieldReading,
  type MappedType,
  type MappedTypes,
} from './mapped-field.js';
import { compilePath, stepsOf, type Path } from './path.js';
import { compileChain, type CompiledChain } from './transforms/compile-transform.js';
import { ValueFault, VALUE_TYPE, type ValueReason } from './value-fault.js';

export type RegisterRecord = Readonly<Record<string, unknown>>;
export type ResponsePath = readonly (string | number)[];

/** Called for each field whose value cannot be read: with its path in response keys, and why. */
export type OnFault = (path: ResponsePath, reason: ValueReason) => void;

/**
 * Reads a record into the form of the selection: a bare object that holds its response keys and nothing else. A value
 * that is not what the mapping says becomes null and is told to `onFault`; the others stand. A member that the record
 * lacks is null, like one that is null in it. `onFinding` is called instead of `onFault` for a code that the mapping
 * itself declares to be null.
 */
export type ReadRecord = (
  record: RegisterRecord,
  onFault: OnFault,
  onFinding?: OnFinding | undefined,
  onApart?: OnApart | undefined,
) => Record<string, unknown>;

/**
 * Called for each field that is read apart, with its path in response keys, and with the object of the register that it
 * is a field of. The field is null until the caller writes it.
 */
export type OnApart = (path: ResponsePath, field: FieldApart, holder: RegisterRecord) => void;

/** A selected field that is not in the record. */
export interface FieldApart {
  /** Type that the field belongs to. */
  readonly type: string;
  readonly field: SelectedField;
  /** Names of the fields that lead to it, from the record, and its own. */
  readonly names: readonly string[];
}

/** Called for each code that the mapping declares to be null: with its path in response keys, and the field. */
export type OnFinding = (path: ResponsePath, field: { readonly type: string; readonly name: string }) => void;

/** A selection of the fields of a type, compiled with the mapping. */
export interface CompiledRecord {
  readonly read: ReadRecord;
  /** What is converted, each as `field: transform`, for the provenance of the answer. */
  readonly converted: readonly string[];
  /** What is read of a record: values, and the objects that hold them. */
  readonly paths: readonly Path[];
  /** Those of the paths that lead to a value, or to what tells the type of an object. */
  readonly values: readonly Path[];
  /** The selected fields that are told to `onApart`, each the object that is told. */
  readonly apart: readonly FieldApart[];
}

/** How a record is read. */
export interface RecordOptions {
  /**
   * Whether the register sends only the values that are asked for by their paths. An object of which no value is asked
   * for is then not in the record, and reads as a fault: it is not known whether the register has it.
   */
  readonly isByPath?: boolean;
  /** Whether fields that are read apart are told to `onApart`. Otherwise they may not be selected. */
  readonly tellsApart?: boolean;
}

/**
 * Compiles a selection with the mapping. `fields` of other types than `type` count only where `type` maps them: a
 * selection of an interface. Throws if the mapping lacks a field, if it is not in the record, or if a field other than
 * the key is selected of a reference, which is another record.
 */
export function compileRecord(
  types: MappedTypes,
  type: string,
  fields: readonly SelectedField[],
  { isByPath = false, tellsApart = false }: RecordOptions = {},
): CompiledRecord {
  const found: Found = {
    types,
    isByPath,
    tellsApart,
    converted: new Set(),
    paths: new Map(),
    values: new Map(),
    apart: [],
  };
  const read = compileObject(type, fields, { found, field: [], at: [] });
  return {
    read: (record, onFault, onFinding, onApart) => {
      const made = read(record, { onFault, onFinding, onApart }, undefined);
      return isObject(made) ? made : bareObject();
    },
    converted: [...found.converted],
    paths: [...found.paths.values()],
    values: [...found.values.values()],
    apart: found.apart,
  };
}

/** What is found out of a selection while it is compiled. */
interface Found {
  readonly types: MappedTypes;
  readonly isByPath: boolean;
  readonly tellsApart: boolean;
  readonly converted: Set<string>;
  readonly paths: Map<string, Path>;
  readonly values: Map<string, Path>;
  readonly apart: FieldApart[];
}

/** Where an object is while its fields are compiled: as a path of field names, and as a path in the record. */
interface Within {
  readonly found: Found;
  readonly field: readonly string[];
  readonly at: Path;
}

/** Path of a value from its last step backwards. It is written out only for a fault. */
interface LinkedPath {
  readonly before: LinkedPath | undefined;
  readonly key: string | number;
}

interface Told {
  readonly onFault: OnFault;
  readonly onFinding: OnFinding | undefined;
  readonly onApart: OnApart | undefined;
}

type ReadObject = (record: RegisterRecord, told: Told, at: LinkedPath | undefined) => unknown;

/** Reads a value that is neither null nor undefined. `at`: the path of what it is in; `key`: its key there. */
type ReadValue = (value: unknown, told: Told, at: LinkedPath | undefined, key: string | number) => unknown;

function compileObject(type: string, fields: readonly SelectedField[], within: Within): ReadObject {
  const mapped = ownMember(within.found.types, type);
  if (mapped === undefined) throw new Error(`source.yaml maps no type ${type}`);
  if (mapped.discriminator !== undefined) return compileAbstract(mapped.discriminator, fields, within);
  const readers = sameKeys(fields).map((field) => compileField(type, mapped, field, within));
  return (record, told, at) => {
    const made = bareObject();
    for (const { key, valueAt, read } of readers) {
      const value = valueAt(record);
      made[key] = value === undefined || value === null ? null : read(value, told, at, key);
    }
    return made;
  };
}

/** Merges the fields of equal response keys: of a type and of an interface that it has. */
function sameKeys(fields: readonly SelectedField[]): readonly SelectedField[] {
  const byKey = new Map<string, SelectedField>();
  for (const field of fields) {
    const other = byKey.get(field.responseKey);
    byKey.set(field.responseKey, other ? { ...field, fields: [...other.fields, ...field.fields] } : field);
  }
  return [...byKey.values()];
}

interface FieldReader {
  readonly key: string;
  readonly valueAt: (record: RegisterRecord) => unknown;
  readonly read: ReadValue;
}

function compileField(type: string, mapped: MappedType, field: SelectedField, within: Within): FieldReader {
  const key = field.responseKey;
  if (field.name === '__typename') return { key, valueAt: () => type, read: (value) => value };
  const given = ownMember(mapped.fields, field.name);
  if (given === undefined) throw new Error(`source.yaml maps no ${type}.${field.name}`);
  const reading = readingOf(field.name, given);
  if (reading.kind === 'apart')
    return compileApart({ type, field, names: [...within.field, field.name] }, within.found);
  if (reading.kind === 'not_provided') return { key, valueAt: () => null, read: () => null };
  if (within.found.isByPath && reading.kind === 'object' && asksForNothing(field, reading.type, within.found.types))
    return { key, valueAt: () => VALUE_TYPE, read: refusing(() => null) };
  const lists = field.lists ?? Number(field.list);
  const chain = chainOf(given, field, lists > 0);
  const below = { ...within, field: [...within.field, field.name], at: [...within.at, ...reading.at] };
  if (chain.says !== '' && !field.isAdded) within.found.converted.add(`${below.field.join('.')}: ${chain.says}`);
  const leaf = compileOne(reading, field, below);
  const named = { type, name: field.name };
  const one = chain.each === undefined ? leaf : converting(chain.each, leaf, named);
  const read = inLists(one, lists, isOneOrMany(given) && chain.takesList && chain.whole === undefined);
  const valueAt = compilePath(reading.at, lists > 0 ? lists : Number(chain.takesList));
  return {
    key,
    valueAt,
    read: refusing(chain.whole === undefined ? read : converting(wholeOf(chain, given), read, named)),
  };
}

function compileApart(apart: FieldApart, found: Found): FieldReader {
  const { name, responseKey } = apart.field;
  if (!found.tellsApart)
    throw new Error(`${apart.type}.${name} is not in the record: it can be asked of an entity only`);
  found.apart.push(apart);
  const read: ReadValue = (holder, { onApart }, at, key) => {
    onApart?.(pathOf(at, key), apart, holder as RegisterRecord);
    return null;
  };
  return { key: responseKey, valueAt: (record) => record, read };
}

/** Whether no value of an object is selected, at any depth. What tells its type is a value, too. */
function asksForNothing(field: SelectedField, type: string, types: MappedTypes): boolean {
  const mapped = ownMember(types, type);
  if (mapped === undefined || mapped.discriminator !== undefined) return false;
  return field.fields.every((one) => {
    if (one.name === '__typename') return true;
    const given = ownMember(mapped.fields, one.name);
    const reading = given === undefined ? undefined : readingOf(one.name, given);
    if (reading?.kind === 'not_provided') return true;
    return reading?.kind === 'object' && asksForNothing(one, reading.type, types);
  });
}

function chainOf(given: AnyField, field: SelectedField, isList: boolean): CompiledChain {
  try {
    return compileChain(transformsOf(given), field.type, isList);
  } catch (error) {
    throw new Error(
      `source.yaml maps ${field.parentType}.${field.name} by what ${error instanceof Error ? error.message : 'cannot be'}`,
      { cause: error },
    );
  }
}

function isOneOrMany(given: AnyField): boolean {
  return typeof given === 'object' && 'one_or_many' in given && given.one_or_many === true;
}

function wholeOf({ whole, takesList }: CompiledChain, given: AnyField): (value: unknown) => unknown {
  const convert = whole ?? ((value: unknown) => value);
  if (!takesList || !isOneOrMany(given)) return convert;
  return (value) => convert(Array.isArray(value) ? value : [value]);
}

/** A path that leads through something of another kind gives a fault in the place of a value. */
function refusing(read: ReadValue): ReadValue {
  return (value, told, at, key) =>
    value instanceof ValueFault ? tell(value, told, at, key) : read(value, told, at, key);
}

function converting(
  convert: (value: unknown) => unknown,
  then: ReadValue,
  field: { readonly type: string; readonly name: string },
): ReadValue {
  return (value, told, at, key) => {
    const made = convert(value);
    if (made instanceof ValueFault) {
      if (!made.isFinding) return tell(made, told, at, key);
      told.onFinding?.(pathOf(at, key), field);
      return null;
    }
    return made === null || made === undefined ? null : then(made, told, at, key);
  };
}

function tell({ reason }: ValueFault, { onFault }: Told, at: LinkedPath | undefined, key: string | number): null {
  onFault(pathOf(at, key), reason);
  return null;
}

function pathOf(at: LinkedPath | undefined, key: string | number): ResponsePath {
  const path = [key];
  for (let step = at; step !== undefined; step = step.before) path.unshift(step.key);
  return path;
}

function inLists(readOne: ReadValue, lists: number, isOneOrMany: boolean): ReadValue {
  if (lists === 0) return readOne;
  const readItem = refusing(inLists(readOne, lists - 1, false));
  return (value, told, at, key) => {
    const list: unknown = isOneOrMany && !Array.isArray(value) ? [value] : value;
    if (!Array.isArray(list)) return tell(VALUE_TYPE, told, at, key);
    const here = { before: at, key };
    return list.map((item: unknown, position) =>
      item === undefined || item === null ? null : readItem(item, told, here, position),
    );
  };
}

const DISCRIMINATOR_UNKNOWN = new ValueFault('discriminator_unknown');

type InRecord = Exclude<FieldReading, { readonly kind: 'apart' | 'not_provided' }>;

function compileOne(reading: InRecord, field: SelectedField, below: Within): ReadValue {
  if (reading.at.length > 0) note(below.at, below.found.paths);
  if (reading.kind === 'leaf' || reading.kind === 'reference') note(below.at, below.found.values);
  switch (reading.kind) {
    case 'leaf':
      if (field.fields.length > 0)
        throw new Error(
          `source.yaml maps ${field.parentType}.${field.name} to a value, and it is an object: write type`,
        );
      return readLeaf;
    case 'reference':
      return compileReference(below.found.types, reading.type, field);
    case 'object':
      return objectAt(compileObject(reading.type, field.fields, below));
    case 'abstract':
      return objectAt(compileAbstract(reading.discriminator, field.fields, below));
  }
}

function note(path: Path, paths: Map<string, Path>): void {
  paths.set(JSON.stringify(path), path);
}

function readLeaf(value: unknown, told: Told, at: LinkedPath | undefined, key: string | number): unknown {
  if (typeof value !== 'object' && typeof value !== 'symbol') return value;
  return value instanceof Numeral ? value : tell(VALUE_TYPE, told, at, key);
}

function objectAt(read: ReadObject): ReadValue {
  return (value, told, at, key) => {
    if (!isObject(value)) return tell(VALUE_TYPE, told, at, key);
    const made = read(value, told, { before: at, key });
    return made instanceof ValueFault ? tell(made, told, at, key) : made;
  };
}

/** Each type reads its own fields, and those of an interface or union that it maps. */
function compileAbstract(
  { at, types: told, default: other }: NonNullable<MappedType['discriminator']>,
  fields: readonly SelectedField[],
  within: Within,
): ReadObject {
  const steps = stepsOf(at);
  const concrete = new Set([...Object.values(told), ...(other === undefined ? [] : [other])]);
  const readers = new Map(
    [...concrete].map((type) => {
      const own = fields.filter((field) => isOf(type, field, concrete, within.found.types));
      return [type, compileObject(type, own, within)] as const;
    }),
  );
  const path = [...within.at, ...steps];
  note(path, within.found.paths);
  note(path, within.found.values);
  const valueAt = compilePath(steps, 0);
  return (record, onTold, place) => {
    const value = valueAt(record);
    const isName = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const type = (isName ? ownMember(told, String(value)) : undefined) ?? other;
    const read = type === undefined ? undefined : readers.get(type);
    return read === undefined ? DISCRIMINATOR_UNKNOWN : read(record, onTold, place);
  };
}

function isOf(type: string, field: SelectedField, concrete: ReadonlySet<string>, types: MappedTypes): boolean {
  if (field.parentType === type) return true;
  if (concrete.has(field.parentType)) return false;
  return field.name === '__typename' || ownMember(ownMember(types, type)?.fields ?? {}, field.name) !== undefined;
}

/** A reference holds another record's key and nothing else. */
function compileReference(types: MappedTypes, type: string, field: SelectedField): ReadValue {
  const [key] = keyFieldsOf(ownMember(types, type) ?? {});
  const beyond = field.fields.find(({ name }) => name !== '__typename' && name !== key);
  if (beyond !== undefined)
    throw new Error(`${field.parentType}.${field.name}.${beyond.name} is in another record: it must be asked apart`);
  return (value, told, at, responseKey) => {
    if (typeof value !== 'string') return tell(VALUE_TYPE, told, at, responseKey);
    const made = bareObject();
    for (const { name, responseKey: own } of field.fields) made[own] = name === '__typename' ? type : value;
    return made;
  };
}
