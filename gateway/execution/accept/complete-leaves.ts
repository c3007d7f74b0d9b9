import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import { generateFunction, quoted, type GenerateFunction } from '../../../schemas/generated-function.js';
import { isObject } from '../../../schemas/objects.js';
import type { Annotations } from '../data/annotations.js';
import type { DataObject } from '../data/data-object.js';
import { wrongValueFault } from '../data/fault.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import type { ReadField, ReadSelection } from '../reads/read-field.js';
import { leafTypeOf, WRONG, type LeafType } from '../../../schemas/scalars/leaf-type.js';
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

interface Compiler {
  readonly types: SupergraphTypes;
  readonly grantedFields: GrantedFieldsCompiler;
  readonly generate?: GenerateFunction;
}

/** Compiles the completion of what one fetch reads of one type. */
export function compileCompleteLeaves(selection: ReadSelection, compiler: Compiler): CompleteLeaves {
  const byType = new Map<string | undefined, CompleteFields>();
  const { types } = compiler;
  return (record, known, completing) => {
    const type = selection.abstract ? statedType(record, known, selection, types, completing) : selection.type;
    let complete = byType.get(type);
    if (!complete) byType.set(type, (complete = compileFields(selection, type, compiler)));
    complete(record, completing);
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

function canBe(stated: string, type: string, types: SupergraphTypes): boolean {
  const possible = types.possibleTypes(type);
  if (possible.has(stated)) return true;
  for (const one of types.possibleTypes(stated)) if (possible.has(one)) return true;
  return false;
}

/** Completes the fields of a record whose type is known. */
type CompleteFields = (record: DataObject, completing: Completing) => void;

/** One field of the records of one type. */
interface CompiledField {
  readonly key: string;
  readonly lists: number;
  readonly leaf: LeafType | undefined;
  /** Completes the value. It is neither null nor undefined. */
  readonly complete: (record: DataObject, value: unknown, completing: Completing) => void;
}

/** Records with more fields are completed field by field. */
const MAX_GENERATED = 200;

function compileFields(selection: ReadSelection, type: string | undefined, compiler: Compiler): CompleteFields {
  const fields = compiler.grantedFields
    .fieldsOf(selection, type)
    .filter(({ field }) => !field.derivation)
    .map(({ field }) => compileField(field, type ?? field.parentType, selection, compiler));
  const generate = compiler.generate ?? generateFunction;
  return (fields.length > MAX_GENERATED ? undefined : generateFields(fields, generate)) ?? interpretFields(fields);
}

function interpretFields(fields: readonly CompiledField[]): CompleteFields {
  return (record, completing) => {
    for (const { key, complete } of fields) {
      const value = record[key];
      if (value !== null && value !== undefined) complete(record, value, completing);
    }
  };
}

function generateFields(fields: readonly CompiledField[], generate: GenerateFunction): CompleteFields | undefined {
  const body = `return function completeFields(record, completing) { var v; ${fields.map(fieldCode).join('\n')} };`;
  const completes = fields.map(({ complete }) => complete);
  const made = generate(['completes'], body) as
    ((completes: readonly CompiledField['complete'][]) => CompleteFields) | undefined;
  return made?.(completes);
}

function fieldCode({ key, lists, leaf }: CompiledField, position: number): string {
  const test = lists === 0 ? leaf?.quickTest?.('v') : undefined;
  const unless = test === undefined ? '' : `!(${test}) && `;
  return `v = record[${quoted(key)}]; if (${unless}v !== null && v !== undefined) completes[${position}](record, v, completing);`;
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

function compileField(field: ReadField, type: string, selection: ReadSelection, compiler: Compiler): CompiledField {
  const { responseKey: key, lists, below, link } = field;
  const { register } = selection;
  const place = { field, ruleAt: `${register}.${type}.${field.name}`, register };
  const leaf = below ? undefined : leafTypeOf(field.type, compiler.types);
  const completeItem = leaf ? completeLeaf(place, leaf) : completeObject(place, below as ReadSelection, compiler);
  const complete = inLists(completeItem, lists, place);
  return {
    key,
    lists,
    leaf,
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

function completeObject(place: FieldPlace, below: ReadSelection, compiler: Compiler): CompleteValue {
  const completeBelow = compileCompleteLeaves(below, compiler);
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
