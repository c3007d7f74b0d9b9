import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import { generateFunction, quoted, type GenerateFunction } from '../../../schemas/generated-function.js';
import { Numeral } from '../../../schemas/numeral.js';
import type { DataObject } from '../data/data-object.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import type { ReadField, ReadSelection } from '../reads/read-field.js';
import { leafTypeOf } from '../../../schemas/scalars/leaf-type.js';

/** What the completion of leaves is compiled with. */
export interface LeafCompiler {
  readonly types: SupergraphTypes;
  readonly grantedFields: GrantedFieldsCompiler;
  readonly generate?: GenerateFunction;
}

/**
 * Whether everything in a record is of its type already and in the form in which it is answered. Nearly every record
 * is, so that only this test costs time. False where it cannot be known without more work. `known` is the type of a
 * record that does not state its own.
 */
export type IsRight = (record: DataObject, known: string | undefined) => boolean;

/** Returns the fields that a register is asked for of objects of a type. Derived fields are not among them. */
export function readFieldsOf(
  selection: ReadSelection,
  type: string | undefined,
  { grantedFields }: LeafCompiler,
): readonly ReadField[] {
  return grantedFields
    .fieldsOf(selection, type)
    .map(({ field }) => field)
    .filter(({ derivation }) => !derivation);
}

/** Whether an object of a selection of one type can state another one. */
export function canBe(stated: string, type: string, types: SupergraphTypes): boolean {
  const possible = types.possibleTypes(type);
  if (possible.has(stated)) return true;
  for (const one of types.possibleTypes(stated)) if (possible.has(one)) return true;
  return false;
}

/** Tests the fields of a record whose type is known. */
type TestFields = (record: DataObject) => boolean;

/** Compiles the test of what is read of one type, with what is below it. */
export function compileIsRight(selection: ReadSelection, compiler: LeafCompiler): IsRight {
  return selection.abstract ? testByType(selection, compiler) : compileFields(selection, selection.type, compiler);
}

/** Remembers the last type: most records are of the type of the record before. */
function testByType(selection: ReadSelection, compiler: LeafCompiler): IsRight {
  const byType = new Map<string | undefined, TestFields>();
  let last: string | undefined;
  let test: TestFields | undefined;
  return (record, known) => {
    const stated = record['__typename'];
    if (known !== undefined && typeof stated === 'string' && stated !== known && !canBe(stated, known, compiler.types))
      return false;
    const type = typeof stated === 'string' ? stated : known;
    if (!test || type !== last) {
      test = byType.get(type);
      if (!test) byType.set(type, (test = compileFields(selection, type, compiler)));
      last = type;
    }
    return test(record);
  };
}

/** Tests the value of one field, below lists. */
interface ValueTest {
  readonly key: string;
  readonly lists: number;
  /** Source of an expression that is true for a right value of this variable; either is fine for a missing value. `at` is the position of the test. */
  readonly code: (variable: string, at: number) => string;
  /** Must not be called with null or undefined. */
  readonly isRight: (value: unknown) => boolean;
}

/** Records with more fields are never tested. */
const MAX_GENERATED = 200;

function compileFields(selection: ReadSelection, type: string | undefined, compiler: LeafCompiler): TestFields {
  const tests = readFieldsOf(selection, type, compiler).map((field) => valueTest(field, compiler));
  const { generate = generateFunction } = compiler;
  return (tests.length > MAX_GENERATED ? undefined : generateTest(tests, generate)) ?? (() => false);
}

function valueTest({ responseKey: key, lists, type, below }: ReadField, compiler: LeafCompiler): ValueTest {
  if (below) {
    const isBelow = compileBelow(below, compiler);
    return {
      key,
      lists,
      code: (variable, at) => `${objectCode(variable)} && right${at}(${variable})`,
      isRight: isBelow,
    };
  }
  const { complete, quickTest } = leafTypeOf(type, compiler.types);
  return {
    key,
    lists,
    code:
      quickTest ?? ((variable, at) => `${variable} !== null && ${variable} !== undefined && right${at}(${variable})`),
    isRight: (value) => complete(value) === value,
  };
}

/** Returns the test of objects below a field. An object that states a type which the field cannot have is not right. */
function compileBelow(below: ReadSelection, compiler: LeafCompiler): (value: unknown) => boolean {
  const isRight = compileIsRight(below, compiler);
  if (!below.abstract) return isRight as (value: unknown) => boolean;
  const possible = new Set<unknown>();
  return (value) => {
    const stated = (value as DataObject)['__typename'];
    if (typeof stated === 'string' && !possible.has(stated)) {
      if (!canBe(stated, below.type, compiler.types)) return false;
      possible.add(stated);
    }
    return isRight(value as DataObject, undefined);
  };
}

function generateTest(tests: readonly ValueTest[], generate: GenerateFunction): TestFields | undefined {
  const hoisted = tests.map((_, at) => `var right${at} = rights[${at}];`).join(' ');
  const fields = tests.map(({ key, lists, code }, at) => {
    // A numeral has no fields, so that one field tells it from an object.
    const numeral = at === 0 ? 'if (v0 === undefined && record instanceof Numeral) return false;' : '';
    return `v0 = record[${quoted(key)}]; ${numeral} ${valueCode(lists, 0, (variable) => code(variable, at))}`;
  });
  const body = `${hoisted} return function isRight(record) { var v0; ${fields.join('\n')} return true; };`;
  const made = generate(['rights', 'Numeral'], body) as
    ((rights: readonly ValueTest['isRight'][], numeral: typeof Numeral) => TestFields) | undefined;
  return made?.(
    tests.map(({ isRight }) => isRight),
    Numeral,
  );
}

/** Returns the source of what `isObject` says, but for numerals, see {@link generateTest}. Written out, because the call took longer than all else. */
function objectCode(variable: string): string {
  return `typeof ${variable} === 'object' && ${variable} !== null && !Array.isArray(${variable})`;
}

/** Returns the source that returns false for a wrong value of the variable `v<depth>`, below this many lists. A missing value is right. */
function valueCode(lists: number, depth: number, code: (variable: string) => string): string {
  const variable = `v${depth}`;
  // Most values are there and right, so that the test for a missing one comes second.
  if (lists === 0)
    return `if (!(${code(variable)}) && ${variable} !== null && ${variable} !== undefined) return false;`;
  const [item, index] = [`v${depth + 1}`, `i${depth}`];
  return `if (Array.isArray(${variable})) {
      for (var ${index} = 0; ${index} < ${variable}.length; ${index} += 1) {
        var ${item} = ${variable}[${index}];
        ${valueCode(lists - 1, depth + 1, code)}
      }
    } else if (${variable} !== null && ${variable} !== undefined) return false;`;
}
