import { stepsOf, type Path } from '../../mapping/path.js';
import { compileAnswer, compileCode, type AnswerReader } from '../answer/read-answer.js';
import { selectByPath, type SelectMembers } from '../select-members.js';
import { compileRequest, type CompiledRequest } from '../request/compile-request.js';
import { compileText, type Constants } from '../request/compile-text.js';
import type { RequestValues } from '../request/values.js';
import { compileLimits } from '../request/limits.js';
import type { AddressAgreement, BatchSource, ManySource, OperationSource, PageSource } from '../operation-source.js';

/** How the register answers many keys in one request. */
export interface CompiledBatch {
  readonly max: number;
  readonly answer: ManySource['answer'];
  /** Where each key field is in an item, by the field's name. A path under the name '' is that of a key of one field. */
  readonly keyAt: ReadonlyMap<string, Path>;
  /** The name of a key in an answer by key. Undefined: the key itself. */
  readonly nameOf: ((values: RequestValues) => string | undefined) | undefined;
  /** Whether each key that was asked has an item, null if there is no record. */
  readonly hasAll: boolean;
  /** Whether an item says that there is no record. */
  readonly isAbsent: (item: unknown) => boolean;
  /** Whether an item says that it failed. */
  readonly isFailed: (item: unknown) => boolean;
}

/** One way to ask the register, compiled. */
export interface Operation {
  readonly name: string;
  readonly request: CompiledRequest;
  readonly agreement: AddressAgreement | undefined;
  readonly answer: AnswerReader;
  /** Where the list of records is in an answer. Undefined: the answer is one record. */
  readonly itemsAt: Path | undefined;
  /** Where the record is in an item. Empty: the item is the record. */
  readonly recordInItem: Path;
  readonly isOneOrMany: boolean;
  readonly batch: CompiledBatch | undefined;
  /** Single reads at once. */
  readonly parallel: number;
  readonly page: PageSource | undefined;
  /** Whether only the selected members of a record are requested. */
  readonly selects: boolean;
  /** How members of a record are requested. Undefined: as the protocol does it. */
  readonly select: SelectMembers | undefined;
  /** Placeholders that are arguments or fields of a key; those of an object by its name. */
  readonly argumentNames: readonly string[];
  /** Gives values to placeholders that have none, and limits numbers. Undefined if the mapping says nothing of that. */
  readonly complete: ((values: RequestValues) => RequestValues) | undefined;
  /** Whether a request names something of the call itself: its purpose, case or id. */
  readonly namesCall: boolean;
}

export interface OperationContext {
  readonly register: string;
  readonly constants: Constants;
  /** Base address of the register. */
  readonly base: string;
}

const PARALLEL = 4;

/** Placeholders that are values of the call itself. */
export const OF_CALL = ['purpose', 'case.number', 'case.agency', 'request_id'];

/** Compiles an operation of `source.yaml`. Throws for a constant that it lacks. */
export function compileOperation(name: string, source: OperationSource, context: OperationContext): Operation {
  const { request, identifier_in_address: agreement, answer, batch, page, select, values } = source;
  const isBatch = batch !== undefined && batch.answer !== 'none';
  const compiled = compileRequest(request, context.constants, context.base, isBatch);
  return {
    name,
    request: compiled,
    agreement,
    answer: compileAnswer(source, context.register),
    itemsAt: answer.items === undefined ? undefined : stepsOf(answer.items),
    recordInItem: answer.items === undefined || answer.record === undefined ? [] : stepsOf(answer.record),
    isOneOrMany: answer.one_or_many === true,
    batch: compileBatch(batch, context.constants),
    parallel: batch?.answer === 'none' ? batch.parallel : PARALLEL,
    page,
    selects: compiled.placeholders.some(({ name: placeholder }) => placeholder === 'select'),
    select: select && selectByPath(select.separator),
    argumentNames: [...new Set(compiled.placeholders.map(({ name: placeholder }) => argumentOf(placeholder)))].filter(
      (argument) => argument !== undefined,
    ),
    complete: values && compileLimits(values),
    namesCall: compiled.placeholders.some(({ name: placeholder }) => OF_CALL.includes(placeholder)),
  };
}

function argumentOf(placeholder: string): string | undefined {
  const isOther = OF_CALL.includes(placeholder) || placeholder === 'select' || /^(?:page|constant)\./.test(placeholder);
  return isOther ? undefined : placeholder.split('.', 1)[0];
}

function compileBatch(batch: BatchSource | undefined, constants: Constants): CompiledBatch | undefined {
  if (batch === undefined || batch.answer === 'none') return undefined;
  const { max, answer, absent, item_error: itemError } = batch;
  const isCode = typeof absent === 'object' && absent !== null;
  return {
    max,
    answer,
    keyAt: keyPaths(batch.key),
    nameOf: batch.name === undefined ? undefined : compileText(batch.name, constants, (value) => value),
    hasAll: isCode || (absent ?? (answer === 'ordered' ? 'null' : 'omitted')) === 'null',
    isAbsent: compileCode(isCode ? absent : undefined),
    isFailed: compileCode(itemError),
  };
}

function keyPaths(key: ManySource['key']): ReadonlyMap<string, Path> {
  if (key === undefined) return new Map();
  if (typeof key === 'string' || Array.isArray(key)) return new Map([['', stepsOf(key)]]);
  return new Map(Object.entries(key).map(([field, path]) => [field, stepsOf(path)]));
}
