import { Numeral } from '../../../schemas/numeral.js';
import { ownMember } from '../../../schemas/objects.js';
import { keyFieldsOf, type MappedTypes } from '../../mapping/mapped-field.js';
import type { Path } from '../../mapping/path.js';
import type { SelectedField } from '../../port.js';
import { selectByName, type SelectMembers } from '../select-members.js';
import type { RestSource } from '../source.js';
import { compileArguments, compileListArguments, type ValuesFrom } from './arguments.js';
import { compileOperation, type Operation } from './compile-operation.js';
import { statedOperations } from './without-operations.js';

/** A type whose records are read by a key. */
export interface KeyedType {
  readonly name: string;
  /** Fields of the key. Placeholders have their names. */
  readonly keys: readonly string[];
  readonly read: Operation | undefined;
  readonly batch: Operation | undefined;
  /** Where the key is in a record, if not where `types` map it. */
  readonly keyAt: Path | undefined;
  /** Whether a value can be that of a field of the key. */
  readonly isKeyValue: (value: unknown) => boolean;
}

/** A field that is not in the record, but in an answer of its own. */
export interface FieldApart {
  readonly operation: Operation;
  /** Type of the object, or of the items of the list. */
  readonly type: string;
  readonly valuesFrom: ValuesFrom;
}

/** A root field with an operation of its own, or with the argument that is the key of its type. */
export type Root = { readonly operation: Operation; readonly valuesFrom: ValuesFrom } | { readonly argument: string };

/** A `source.yaml` with its operations compiled. */
export interface RegisterMapping {
  readonly register: string;
  readonly types: MappedTypes;
  /** How members of a record are requested, if their operation does not say it. */
  readonly select: SelectMembers;
  readonly operations: ReadonlyMap<string, Operation>;
  /** Returns undefined for a type without a key. */
  keyedType(name: string): KeyedType | undefined;
  /** Returns undefined for a field of the record. */
  fieldApart(type: string, field: SelectedField): FieldApart | undefined;
  root(field: SelectedField): Root | undefined;
}

/** Compiles a mapping. `base`: address of the register. Throws if a request names a constant that is not there. */
export function compileMapping(
  source: RestSource,
  register: string,
  base: string,
  select: SelectMembers = selectByName,
): RegisterMapping {
  const stated = source.operations === undefined ? statedOperations(source) : undefined;
  const context = { register, constants: source.constants ?? {}, base };
  const operations = new Map(
    Object.entries(source.operations ?? stated?.operations ?? {}).map(([name, operation]) => [
      name,
      compileOperation(name, operation, context),
    ]),
  );
  const operation = (name: string | undefined): Operation | undefined =>
    name === undefined ? undefined : operations.get(name);
  const keyedTypes = new Map(
    Object.entries(source.types).flatMap(([name, type]) => {
      const keys = keyFieldsOf(type);
      if (keys.length === 0) return [];
      const { read, batch } = stated === undefined ? type : (stated.ofType[name] ?? {});
      const keyAt = stated === undefined || source.read === undefined ? undefined : [source.read.key];
      // Without operations keys are the numbers of people, which are texts.
      const isKeyValue = stated === undefined ? isKeyLeaf : isText;
      return [[name, { name, keys, read: operation(read), batch: operation(batch), keyAt, isKeyValue }] as const];
    }),
  );
  return {
    register,
    types: source.types,
    select,
    operations,
    keyedType: (name) => keyedTypes.get(name),
    fieldApart: (type, field) => {
      const mapped = ownMember(ownMember(source.types, type)?.fields ?? {}, field.name);
      if (typeof mapped !== 'object') return undefined;
      const isList = 'list' in mapped;
      const name = isList ? stated?.listOf(mapped.list, type) : mapped.operation;
      if (name === undefined) return undefined;
      const found = operation(name);
      if (found === undefined || (isList && !field.list))
        throw new Error(`source.yaml of ${register} maps ${type}.${field.name} to what it does not have`);
      const valuesFrom = isList ? compileListArguments(mapped) : compileArguments(mapped.arguments);
      return { operation: found, type: mapped.type ?? field.type, valuesFrom };
    },
    root: (field) => {
      const written = ownMember(source.roots, field.name);
      if (written === undefined) return undefined;
      if (typeof written === 'string') return { argument: written };
      const found = operation(written.operation);
      return found && { operation: found, valuesFrom: compileArguments(written.arguments) };
    },
  };
}

/** Whether a value can be a key, or a field of one. */
export function isKeyLeaf(value: unknown): boolean {
  return isText(value) || typeof value === 'number' || value instanceof Numeral;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}
