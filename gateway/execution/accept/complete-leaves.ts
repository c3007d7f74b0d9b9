import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import { isObject } from '../../../schemas/objects.js';
import type { Annotations } from '../data/annotations.js';
import type { DataObject } from '../data/data-object.js';
import { wrongValueFault } from '../data/fault.js';
import type { ReadField, ReadSelection } from '../reads/read-field.js';
import { leafTypeOf, WRONG, type LeafType } from '../../../schemas/scalars/leaf-type.js';
import { canBe, compileIsRight, readFieldsOf, type LeafCompiler } from './is-right.js';
import type { SentValues } from './sent-values.js';

/** Where the values of one answer that are not of their types are noted. */
export interface Completing {
  readonly annotations: Annotations;
  readonly sent: SentValues;
}

/**
 * Completes every leaf of a record to its type (GraphQL spec, section 6.4.3), before anything is decided about the
 * people in it and before anything of it can be sent to another register. A wrong value becomes null, with a fault
 * at its position. Changes the record, which belongs to the executor. `type` is the type of a record that does not
 * state its own.
 */
export type CompleteLeaves = (record: DataObject, type: string | undefined, completing: Completing) => void;

/** Compiles the completion of what one fetch reads of one type. */
export function compileCompleteLeaves(selection: ReadSelection, compiler: LeafCompiler): CompleteLeaves {
  const isRight = compileIsRight(selection, compiler);
  const complete = compileComplete(selection, compiler);
  return (record, known, completing) => {
    if (!isRight(record, known)) complete(record, known, completing);
  };
}

function compileComplete(selection: ReadSelection, compiler: LeafCompiler): CompleteLeaves {
  const byType = new Map<string | undefined, readonly CompiledField[]>();
  const { types } = compiler;
  return (record, known, completing) => {
    const type = selection.abstract ? statedType(record, known, selection, types, completing) : selection.type;
    let fields = byType.get(type);
    if (!fields) byType.set(type, (fields = compileFields(selection, type, compiler)));
    for (const { key, complete } of fields) {
      const value = record[key];
      if (value !== null && value !== undefined) complete(record, value, completing);
    }
  };
}

/** Returns the type that a record states, or the type that is known of it. A type that the record cannot have becomes null. */
function statedType(
  record: DataObject,
  known: string | undefined,
  { register }: ReadSelection,
  types: SupergraphTypes,
  { annotations, sent }: Completing,
): string | undefined {
  const stated = record['__typename'];
  if (typeof stated !== 'string') return known;
  if (known === undefined || canBe(stated, known, types)) return stated;
  const rule = `${register}.${known}.__typename#type`;
  record['__typename'] = null;
  annotations.setFault(record, '__typename', wrongValueFault(register, rule));
  sent.noteWrong(record, { name: '__typename', responseKey: '__typename', rule });
  return known;
}

/** One field of the records of one type. */
interface CompiledField {
  readonly key: string;
  /** Completes the value. It is neither null nor undefined. */
  readonly complete: (record: DataObject, value: unknown, completing: Completing) => void;
}

function compileFields(
  selection: ReadSelection,
  type: string | undefined,
  compiler: LeafCompiler,
): readonly CompiledField[] {
  return readFieldsOf(selection, type, compiler).map((field) =>
    compileField(field, type ?? field.parentType, selection, compiler),
  );
}

/** A field with what its faults and findings say. */
interface FieldPlace {
  readonly field: ReadField;
  /** `<register>.<type>.<field>`. */
  readonly ruleAt: string;
  readonly register: string;
}

/** Sets a wrong value to null. `holder` is the record, or the list in it that holds the value. */
function setWrong(
  { field, ruleAt, register }: FieldPlace,
  rule: string,
  holder: object,
  key: string | number,
  record: DataObject,
  { annotations, sent }: Completing,
): void {
  const id = `${ruleAt}#${rule}`;
  const values = holder as Record<string | number, unknown>;
  if (holder === record) sent.keep(record, field.responseKey, values[key]);
  values[key] = null;
  annotations.setFault(holder, key, wrongValueFault(register, id));
  sent.noteWrong(record, { name: field.name, responseKey: field.responseKey, rule: id });
}

/** Completes a value in a record, or in a list of the record. Returns whether everything in it is right. */
type CompleteValue = (
  holder: object,
  key: string | number,
  value: unknown,
  record: DataObject,
  completing: Completing,
) => boolean;

function compileField(field: ReadField, type: string, selection: ReadSelection, compiler: LeafCompiler): CompiledField {
  const { responseKey: key, lists, below, link } = field;
  const { register } = selection;
  const place = { field, ruleAt: `${register}.${type}.${field.name}`, register };
  const leaf = below ? undefined : leafTypeOf(field.type, compiler.types);
  const completeItem = leaf ? completeLeaf(place, leaf) : completeObject(place, below as ReadSelection, compiler);
  const complete = inLists(completeItem, lists, place);
  return {
    key,
    complete: (record, value, completing) => {
      const isRight = complete(record, key, value, record, completing);
      // Of a person without a number nothing can be decided, so that the link is wrong as a whole.
      if (!isRight && link && record[key] !== null)
        setWrong(place, leaf?.rule ?? 'object', record, key, record, completing);
    },
  };
}

/** Returns the completion of a list, or of a list of lists, of such values. */
function inLists(completeItem: CompleteValue, lists: number, place: FieldPlace): CompleteValue {
  if (lists === 0) return completeItem;
  const complete = inLists(completeItem, lists - 1, place);
  return (holder, key, value, record, completing) => {
    if (!Array.isArray(value)) {
      setWrong(place, 'list', holder, key, record, completing);
      return false;
    }
    let isRight = true;
    for (let position = 0; position < value.length; position += 1) {
      const item: unknown = value[position];
      if (item === null || item === undefined) continue;
      if (!complete(value, position, item, record, completing)) isRight = false;
    }
    return isRight;
  };
}

function completeLeaf(place: FieldPlace, leaf: LeafType): CompleteValue {
  return (holder, key, value, record, completing) => {
    const completed = leaf.complete(value);
    if (completed === value) return true;
    if (completed === WRONG) {
      setWrong(place, leaf.rule, holder, key, record, completing);
      return false;
    }
    (holder as Record<string | number, unknown>)[key] = completed;
    return true;
  };
}

function completeObject(place: FieldPlace, below: ReadSelection, compiler: LeafCompiler): CompleteValue {
  const completeBelow = compileComplete(below, compiler);
  const known = below.abstract ? undefined : below.type;
  return (holder, key, value, record, completing) => {
    const rule = brokenBy(value, below, compiler.types);
    if (rule === undefined) {
      completeBelow(value as DataObject, known, completing);
      return true;
    }
    setWrong(place, rule, holder, key, record, completing);
    return false;
  };
}

/** Returns the rule that a value breaks as an object of a selection, or undefined. */
function brokenBy(value: unknown, { abstract, type }: ReadSelection, types: SupergraphTypes): string | undefined {
  if (!isObject(value)) return 'object';
  if (!abstract) return undefined;
  const stated = value['__typename'];
  return typeof stated !== 'string' || canBe(stated, type, types) ? undefined : 'type';
}
