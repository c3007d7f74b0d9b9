import { ownMember } from '../../schemas/objects.js';
import { compileRecord, type ReadRecord } from '../mapping/compile-record.js';
import { keyFieldsOf, readingOf, type MappedTypes } from '../mapping/mapped-field.js';
import type { Path } from '../mapping/path.js';
import type { FetchSelection, PreparedFetch, SelectedField } from '../port.js';
import { compileAnswerTree, valueAt, type AnswerTree } from './answer/answer-tree.js';
import type { CompiledOperation } from './compile-operation.js';
import type { FullSource } from './source/full-form.js';
import type { KeyFields } from './question-values.js';
import { mappedFieldOf } from './answer/wanted-elements.js';

/** How records of one type are asked by one operation, and read. */
export interface PreparedRecord {
  readonly operation: CompiledOperation;
  readonly answer: AnswerTree;
  readonly read: ReadRecord;
  /** Fields of the key, in their order. Empty if the operation is asked by arguments alone. */
  readonly key: readonly string[];
  /**
   * Reads the key of a record; undefined if a field of it is missing. The function is undefined if records do not hold
   * their key.
   */
  readonly keyOf: ((record: Readonly<Record<string, unknown>>) => KeyFields | undefined) | undefined;
  /** What the mapping converts. */
  readonly converted: readonly string[];
  /** Names of the elements that are read, as the register calls them. */
  readonly select: readonly string[];
}

/** How an entity is asked: alone, and with others. At least one is there. */
export interface PreparedType {
  readonly one: PreparedRecord | undefined;
  readonly many: PreparedRecord | undefined;
  readonly key: readonly string[];
  readonly apart: readonly PreparedApart[];
}

/** A field that an operation of its own answers. */
export interface PreparedApart extends PreparedRecord {
  readonly field: SelectedField;
  /** Argument of each placeholder, where the names differ. */
  readonly arguments: Readonly<Record<string, string>>;
}

export type PreparedRoot =
  | { readonly field: SelectedField; readonly by: 'key'; readonly argument: string; readonly type: PreparedType }
  | ({ readonly by: 'arguments' } & PreparedApart);

export interface PreparedRoots extends PreparedFetch {
  readonly roots: readonly PreparedRoot[];
}

export interface PreparedEntities extends PreparedFetch {
  /** By type name. */
  readonly types: ReadonlyMap<string, PreparedType>;
}

export interface SoapMapping {
  readonly register: string;
  readonly source: FullSource;
  readonly operations: ReadonlyMap<string, CompiledOperation>;
}

/** Compiles a selection. Throws if the mapping cannot serve it. */
export function prepare(selection: FetchSelection, mapping: SoapMapping): PreparedRoots | PreparedEntities {
  const { register } = mapping;
  if (selection.kind === 'root')
    return { register, roots: selection.fields.map((field) => prepareRoot(field, mapping)) };
  const names = [...new Set(selection.fields.map(({ parentType }) => parentType))];
  const types = names.map((type) => {
    const fields = selection.fields.filter(({ parentType }) => parentType === type);
    return [type, prepareType(type, fields, mapping)] as const;
  });
  return { register, types: new Map(types) };
}

function prepareRoot(field: SelectedField, mapping: SoapMapping): PreparedRoot {
  const root = ownMember(mapping.source.roots, field.name);
  if (root === undefined) throw new Error(`source.yaml of ${mapping.register} has no root field ${field.name}`);
  if (typeof root === 'string')
    return { field, by: 'key', argument: root, type: prepareType(field.type, field.fields, mapping) };
  return { by: 'arguments', ...prepareApart(field, root, mapping) };
}

interface AskedApart {
  readonly operation: string;
  readonly arguments?: Readonly<Record<string, string>> | undefined;
}

function prepareApart(field: SelectedField, asked: AskedApart, mapping: SoapMapping): PreparedApart {
  const { types } = mapping.source;
  const operation = operationNamed(asked.operation, mapping);
  if (field.list && operation.source.answer.items === undefined)
    throw new Error(
      `operation ${asked.operation} of ${mapping.register} answers one record, but ${field.name} is a list`,
    );
  const { type, fields } = field;
  const { read, converted } = compileRecord(types, type, fields);
  return {
    field,
    operation,
    answer: compileAnswerTree(types, operation.source, { type, fields, keyPaths: [] }),
    read,
    converted,
    key: [],
    keyOf: undefined,
    select: selectOf(types, type, fields),
    arguments: asked.arguments ?? {},
  };
}

function prepareType(type: string, fields: readonly SelectedField[], mapping: SoapMapping): PreparedType {
  const { source, register } = mapping;
  const mapped = ownMember(source.types, type) ?? { fields: {} };
  const key = keyFieldsOf(mapped);
  if (key.length === 0) throw new Error(`source.yaml of ${register} has no key of ${type}`);
  const prepared = (name: string | undefined): PreparedRecord | undefined =>
    name === undefined ? undefined : prepareRecord(type, key, inRecord, operationNamed(name, mapping), source.types);
  const inRecord = fields.filter((field) => apartOf(source.types, type, field) === undefined);
  const apart = fields.flatMap((field) => {
    const asked = apartOf(source.types, type, field);
    return asked === undefined ? [] : [prepareApart(field, asked, mapping)];
  });
  const operations = { one: prepared(mapped.read), many: prepared(mapped.batch) };
  if (operations.one === undefined && operations.many === undefined)
    throw new Error(`source.yaml of ${register} does not say by which operation ${type} is read`);
  return { ...operations, key, apart };
}

/** The operation that answers the field, if it is not in the record. */
function apartOf(types: MappedTypes, type: string, { name }: SelectedField): AskedApart | undefined {
  if (name === '__typename') return undefined;
  const mapped = mappedFieldOf(types, type, name);
  if (typeof mapped === 'string' || !('operation' in mapped) || mapped.operation === undefined) return undefined;
  return { operation: mapped.operation, arguments: mapped.arguments };
}

function prepareRecord(
  type: string,
  key: readonly string[],
  fields: readonly SelectedField[],
  operation: CompiledOperation,
  types: MappedTypes,
): PreparedRecord {
  const { keyPaths, keyOf } = keyReader(type, key, operation, types);
  const { read, converted } = compileRecord(types, type, fields);
  return {
    operation,
    answer: compileAnswerTree(types, operation.source, { type, fields, keyPaths }),
    read,
    converted,
    key,
    keyOf,
    select: selectOf(types, type, fields),
  };
}

interface KeyReader {
  readonly keyPaths: readonly Path[];
  readonly keyOf: PreparedRecord['keyOf'];
}

/** Reads the key of a record: where its batch says it is, or as the fields of the key are mapped. */
function keyReader(
  type: string,
  key: readonly string[],
  { source: { batch } }: CompiledOperation,
  types: MappedTypes,
): KeyReader {
  const said = batch?.key;
  if (said !== undefined) {
    const paths = key.map((name) => (isPath(said) ? said : (said[name] ?? [name])));
    return {
      keyPaths: paths,
      keyOf: (record) =>
        keyTexts(
          key,
          paths.map((path) => valueAt(record, path)),
        ),
    };
  }
  const readings = key.map((name) => readingOf(name, ownMember(types, type)?.fields[name] ?? name));
  const paths = readings.flatMap((reading) => (reading.kind === 'leaf' ? [reading.at] : []));
  if (paths.length < key.length) return { keyPaths: [], keyOf: undefined };
  const fields = key.map((name) => ({
    parentType: type,
    name,
    responseKey: name,
    type: 'ID',
    list: false,
    fields: [],
  }));
  const { read } = compileRecord(types, type, fields);
  return {
    keyPaths: paths,
    keyOf: (record) => {
      const made = read(record, () => undefined);
      return keyTexts(
        key,
        key.map((name) => made[name]),
      );
    },
  };
}

function isPath(said: unknown): said is Path {
  return Array.isArray(said);
}

/** Undefined if a field of the key is missing, or is no text. */
function keyTexts(key: readonly string[], values: readonly unknown[]): KeyFields | undefined {
  if (values.some((value) => typeof value !== 'string')) return undefined;
  return Object.fromEntries(key.map((name, at) => [name, values[at]]));
}

/** Names below the record, each once. */
function selectOf(types: MappedTypes, type: string, fields: readonly SelectedField[]): readonly string[] {
  const names = compileRecord(
    types,
    type,
    fields.filter((field) => apartOf(types, type, field) === undefined),
  ).paths.map(([first]) => String(first));
  return [...new Set(names)];
}

function operationNamed(name: string, { operations, register }: SoapMapping): CompiledOperation {
  const operation = operations.get(name);
  if (operation === undefined) throw new Error(`source.yaml of ${register} has no operation ${name}`);
  return operation;
}
