import type { FetchSelection, PreparedFetch, SelectedField } from '../port.js';
import { bareObject, ownMember } from '../../schemas/objects.js';
import type { FieldApart } from '../mapping/compile-record.js';
import { readingOf } from '../mapping/mapped-field.js';
import type { Path } from '../mapping/path.js';
import { compileKey } from './by-key/record-key.js';
import type { Operation } from './operations/compile-operation.js';
import {
  isKeyLeaf,
  type FieldApart as MappedApart,
  type KeyedType,
  type RegisterMapping,
  type Root,
} from './operations/register-mapping.js';
import {
  prepareRecord,
  type PreparedApart,
  type PreparedKeyed,
  type PreparedRecord,
  type PreparedSelection,
} from './prepared-record.js';
import type { SelectMembers } from './select-members.js';
import type { RequestValues } from './request/values.js';

export interface PreparedRoot extends PreparedSelection {
  readonly valuesFrom: (variables: RequestValues) => RequestValues;
  /** How one key is read, and how many are; undefined: the answer does not depend on a key. */
  readonly one: PreparedKeyed | undefined;
  readonly many: PreparedKeyed | undefined;
  /** The operation without a key. */
  readonly whole: Operation | undefined;
}

export interface PreparedRoots extends PreparedFetch {
  readonly roots: readonly PreparedRoot[];
}

/** How the records of a type are read. */
export interface PreparedRead extends PreparedKeyed {
  readonly record: PreparedRecord;
  /** The same for equal questions. */
  readonly wish: string;
}

export interface PreparedEntity {
  readonly type: KeyedType;
  /** Undefined if the selection needs no record: it selects keys and fields apart. */
  readonly read: PreparedRead | undefined;
  /** Selected fields of the record. */
  readonly inRecord: readonly SelectedField[];
  /** Selected fields of the key that the record does not hold: they are as they were asked. */
  readonly asAsked: readonly { readonly name: string; readonly responseKey: string }[];
  readonly apart: readonly PreparedApart[];
  /** What is converted, each as `field: transform`. */
  readonly converted: readonly string[];
}

export interface PreparedEntities extends PreparedFetch {
  /** By type name. */
  readonly types: ReadonlyMap<string, PreparedEntity>;
}

/** Compiles a selection of root fields. Throws if the mapping cannot serve it. */
export function prepareRoots(selection: FetchSelection, mapping: RegisterMapping): PreparedRoots {
  return { register: mapping.register, roots: selection.fields.map((field) => prepareRoot(field, mapping)) };
}

function prepareRoot(field: SelectedField, mapping: RegisterMapping): PreparedRoot {
  const root = mapping.root(field);
  if (root === undefined) throw new Error(`source.yaml of ${mapping.register} has no root field ${field.name}`);
  return 'argument' in root
    ? prepareByArgument(field, root.argument, mapping)
    : prepareByOperation(field, root, mapping);
}

function argumentsOf({ argumentsFrom }: SelectedField, variables: RequestValues): RequestValues {
  return argumentsFrom?.(variables) ?? {};
}

/** The argument is the key of the type, or a list of keys. */
function prepareByArgument(field: SelectedField, argument: string, mapping: RegisterMapping): PreparedRoot {
  const keyed = mapping.keyedType(field.type);
  const [name, ...others] = keyed?.keys ?? [];
  const [one, many] = [keyed?.read ?? keyed?.batch, keyed?.batch ?? keyed?.read];
  if (keyed === undefined || name === undefined || others.length > 0 || one === undefined || many === undefined)
    throw new Error(`source.yaml of ${mapping.register} says of no operation that it reads ${field.type} by one key`);
  return {
    field,
    record: recordOf(field, { mapping, operation: one, keyed }),
    valuesFrom: (variables) => ({ [name]: ownMember(argumentsOf(field, variables), argument) }),
    one: keyedBy(one, keyed, mapping),
    many: keyedBy(many, keyed, mapping),
    whole: undefined,
  };
}

function prepareByOperation(
  field: SelectedField,
  { operation, valuesFrom }: Exclude<Root, { readonly argument: string }>,
  mapping: RegisterMapping,
): PreparedRoot {
  const keyed = mapping.keyedType(field.type);
  const names = keyNamesIn(operation, keyed);
  const isWhole = names.length === 0 || (operation.batch === undefined && operation.itemsAt !== undefined);
  const keyAt = operation.batch?.keyAt ?? new Map<string, Path>();
  const byKey = { operation, names, key: compileKey(mapping.types, field.type, names, keyAt), isKeyValue: isKeyLeaf };
  return {
    field,
    record: recordOf(field, { mapping, operation, keyed }),
    valuesFrom: (variables) => valuesFrom(argumentsOf(field, variables)),
    one: isWhole ? undefined : byKey,
    many: isWhole ? undefined : byKey,
    whole: isWhole ? operation : undefined,
  };
}

/**
 * Returns the names of placeholders by which an operation tells records apart: the key of the type, if the request has all
 * of it; for a batch the lists that it sends.
 */
function keyNamesIn({ request, batch }: Operation, keyed: KeyedType | undefined): readonly string[] {
  const named = new Set(request.placeholders.map(({ name }) => name));
  if (keyed?.keys.every((key) => named.has(key))) return keyed.keys;
  if (batch === undefined) return [];
  const lists = request.placeholders.filter(({ name, isList }) => isList && name !== 'select');
  return [...new Set(lists.map(({ name }) => name))];
}

/** Compiles selections below `_entities`. Throws if the mapping cannot serve them. */
export function prepareEntities(selection: FetchSelection, mapping: RegisterMapping): PreparedEntities {
  const names = [...new Set(selection.fields.map(({ parentType }) => parentType))];
  const types = names.map((name) => {
    const type = mapping.keyedType(name);
    if (type === undefined) throw new Error(`source.yaml of ${mapping.register} has no key of ${name}`);
    const fields = selection.fields.filter(({ parentType }) => parentType === name);
    return [name, prepareEntity(type, fields, mapping)] as const;
  });
  return { register: mapping.register, types: new Map(types) };
}

function prepareEntity(type: KeyedType, fields: readonly SelectedField[], mapping: RegisterMapping): PreparedEntity {
  const inRecord = fields.filter((field) => mapping.fieldApart(type.name, field) === undefined);
  const apart = fields.flatMap((field) => {
    const found = mapping.fieldApart(type.name, field);
    return found === undefined ? [] : [prepareApart(type, { field, found }, mapping)];
  });
  const isKey = ({ name }: SelectedField): boolean => name === '__typename' || type.keys.includes(name);
  const needsRecord = apart.length === 0 || inRecord.some((field) => !isKey(field));
  const asAsked = inRecord.filter(
    ({ name }) => type.keys.includes(name) && (!needsRecord || isNotProvided(type, name, mapping)),
  );
  const operation = type.batch ?? type.read;
  if (needsRecord && operation === undefined)
    throw new Error(`source.yaml of ${mapping.register} has no operation that reads ${type.name} by its key`);
  const read =
    needsRecord && operation !== undefined ? prepareRead(operation, { type, fields: inRecord }, mapping) : undefined;
  const below = apart.flatMap(({ field, record }) => record.converted.map((one) => `${field.name}.${one}`));
  return { type, read, inRecord, asAsked, apart, converted: [...(read?.record.converted ?? []), ...below] };
}

function prepareRead(
  operation: Operation,
  { type, fields }: { readonly type: KeyedType; readonly fields: readonly SelectedField[] },
  mapping: RegisterMapping,
): PreparedRead {
  const keyAt = keyInRecord(operation, type, mapping);
  const record = prepareRecord({ ...mapping, type: type.name, fields, keyAt, ...howOf(operation, mapping) });
  const wish = JSON.stringify([operation.name, record.members]);
  return { ...keyedBy(operation, type, mapping), record, wish };
}

function prepareApart(
  type: KeyedType,
  { field, found }: { readonly field: SelectedField; readonly found: MappedApart },
  mapping: RegisterMapping,
): PreparedApart {
  const { operation, type: itemType, valuesFrom } = found;
  return {
    operation,
    names: type.keys,
    isKeyValue: type.isKeyValue,
    // An item is not of the type whose key it has: only the batch says where it is.
    key: compileKey(mapping.types, undefined, type.keys, operation.batch?.keyAt ?? new Map<string, Path>()),
    holderKey: compileKey(mapping.types, type.name, type.keys, new Map(type.keyAt && [['', type.keyAt]])),
    field,
    valuesFrom: (variables) => valuesFrom(field.argumentsFrom?.(variables) ?? {}),
    record: prepareRecord({
      ...mapping,
      type: itemType,
      fields: field.fields,
      keyAt: keyInRecord(operation, undefined, mapping),
      ...howOf(operation, mapping),
    }),
  };
}

function keyedBy(operation: Operation, type: KeyedType, { types }: RegisterMapping): PreparedKeyed {
  const keyAt = operation.batch?.keyAt ?? new Map<string, Path>(type.keyAt && [['', type.keyAt]]);
  return {
    operation,
    names: type.keys,
    isKeyValue: type.isKeyValue,
    key: compileKey(types, type.name, type.keys, keyAt),
  };
}

interface RecordOfRoot {
  readonly mapping: RegisterMapping;
  readonly operation: Operation;
  readonly keyed: KeyedType | undefined;
}

function recordOf(field: SelectedField, { mapping, operation, keyed }: RecordOfRoot): PreparedRecord {
  return prepareRecord({
    ...mapping,
    type: field.type,
    fields: field.fields,
    keyAt: keyInRecord(operation, keyed, mapping),
    ...howOf(operation, mapping),
  });
}

/** How members of a record are requested, and what is not in it. */
function howOf(
  { selects, select }: Operation,
  mapping: RegisterMapping,
): {
  readonly selects: boolean;
  readonly select: SelectMembers;
  readonly prepareApart: (apart: FieldApart) => PreparedApart;
} {
  return {
    selects,
    select: select ?? mapping.select,
    prepareApart: ({ type, field }) => {
      const [keyed, found] = [mapping.keyedType(type), mapping.fieldApart(type, field)];
      if (keyed === undefined || found === undefined)
        throw new Error(`source.yaml of ${mapping.register} has no key by which ${type}.${field.name} is read`);
      return prepareApart(keyed, { field, found }, mapping);
    },
  };
}

/** Where the key is in a record, which without it would not say whose it is. */
function keyInRecord(operation: Operation, keyed: KeyedType | undefined, { types }: RegisterMapping): readonly Path[] {
  const inItem = [...(operation.batch?.keyAt.values() ?? [])];
  if (inItem.length > 0) return inItem.flatMap((path) => pathBelow(operation.recordInItem, path));
  if (keyed === undefined) return [];
  return keyed.keyAt === undefined ? keyed.keys.flatMap((key) => mappedPath(keyed.name, key, types)) : [keyed.keyAt];
}

/** Returns a path of an item as a path of the record in it. What is in the item only is no member of the record. */
function pathBelow(record: Path, path: Path): readonly Path[] {
  return record.every((step, position) => step === path[position]) ? [path.slice(record.length)] : [];
}

function mappedPath(type: string, field: string, types: RegisterMapping['types']): readonly Path[] {
  const mapped = ownMember(ownMember(types, type)?.fields ?? {}, field);
  const reading = mapped === undefined ? undefined : readingOf(field, mapped);
  return reading?.kind === 'leaf' ? [reading.at] : [];
}

function isNotProvided(type: KeyedType, field: string, { types }: RegisterMapping): boolean {
  const mapped = ownMember(ownMember(types, type.name)?.fields ?? {}, field);
  return mapped !== undefined && readingOf(field, mapped).kind === 'not_provided';
}

/** Returns an entity of which only the key is known. */
export function keyOnly({ inRecord, type }: PreparedEntity): Record<string, unknown> {
  const made = bareObject();
  for (const { name, responseKey } of inRecord) if (name === '__typename') made[responseKey] = type.name;
  return made;
}
