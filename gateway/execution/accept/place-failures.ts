import type { GroupAnswer } from '../../../adapters/port.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import { registerFault, type Fault } from '../data/fault.js';
import type { Annotations } from '../data/annotations.js';
import { concreteType, type ReadField, type ReadSelection } from '../reads/read-field.js';
import type { DataObject } from '../data/data-object.js';
import { isObject } from '../../../schemas/objects.js';

/**
 * Where links of one register's answer led to somebody who is absent: what stood there is left out,
 * and what failed there is not told either.
 */
export class HiddenPositions {
  readonly #empty = new Map<object, Set<string>>();
  readonly #leftOut = new Map<object, number[]>();

  /** Nobody stands at this key of an object. */
  hide(holder: object, key: string): void {
    const keys = this.#empty.get(holder);
    if (keys) keys.add(key);
    else this.#empty.set(holder, new Set([key]));
  }

  isHidden(holder: object, key: string | number): boolean {
    return typeof key === 'string' && this.#empty.get(holder)?.has(key) === true;
  }

  /** The item at this position of the register's list is not in ours. Called in order of position. */
  leaveOut(list: object, position: number): void {
    const positions = this.#leftOut.get(list);
    if (positions) positions.push(position);
    else this.#leftOut.set(list, [position]);
  }

  /** Where an item of the register's list stands in ours; undefined for one that was left out. */
  positionOf(list: object, position: number): number | undefined {
    const leftOut = this.#leftOut.get(list) ?? [];
    return leftOut.includes(position) ? undefined : position - leftOut.filter((before) => before < position).length;
  }
}

type RegisterPath = readonly (string | number)[];

export interface FieldFailure {
  /** Path below the record, in the register's response keys. */
  readonly path: RegisterPath;
  readonly fault: Fault;
}

const NONE: readonly FieldFailure[] = [];

/** What failed on its own in each record of an answer, by the record's position: found in one pass over all failures. */
export function failuresByRecord(
  { errors }: Pick<GroupAnswer, 'errors'>,
  register: string,
): (record: number) => readonly FieldFailure[] {
  if (errors.length === 0) return () => NONE;
  const byRecord = new Map<string | number | undefined, FieldFailure[]>();
  for (const { path, failure } of errors) {
    const failed = { path: path.slice(1), fault: registerFault(register, failure) };
    const others = byRecord.get(path[0]);
    if (others) others.push(failed);
    else byRecord.set(path[0], [failed]);
  }
  return (record) => byRecord.get(record) ?? NONE;
}

/**
 * Puts a register's field failures where the answer has a hole: at the deepest place of the path
 * that there is. What failed of somebody who is absent is told nowhere.
 */
export function placeFailures(
  object: DataObject,
  selection: ReadSelection,
  type: string | undefined,
  failures: readonly FieldFailure[],
  {
    grantedFields,
    annotations,
    hiddenPositions,
  }: {
    readonly grantedFields: GrantedFieldsCompiler;
    readonly annotations: Annotations;
    readonly hiddenPositions: HiddenPositions;
  },
): void {
  const place = (
    holder: DataObject,
    within: ReadSelection,
    ofType: string | undefined,
    path: RegisterPath,
    fault: Fault,
  ): void => {
    const [responseKey, ...rest] = path;
    for (const { field, key } of grantedFields.fieldsOf(within, ofType)) {
      if (responseKey === undefined || !answersFor(field, responseKey)) continue;
      descend(holder, key, field.below, rest, fault);
    }
  };
  const descend = (
    holder: object,
    key: string | number,
    below: ReadSelection | undefined,
    rest: RegisterPath,
    fault: Fault,
  ): void => {
    if (hiddenPositions.isHidden(holder, key)) return;
    const value = (holder as Record<string | number, unknown>)[key];
    const [next] = rest;
    if (Array.isArray(value) && typeof next === 'number') {
      const position = hiddenPositions.positionOf(value, next);
      if (position !== undefined) descend(value, position, below, rest.slice(1), fault);
    } else if (isObject(value) && below) place(value, below, concreteType(value, below), rest, fault);
    else annotations.setFault(holder, key, fault);
  };
  for (const { path, fault } of failures) place(object, selection, type, path, fault);
}

/** A field fails with what it is asked as: a derived field with any of its sources. */
function answersFor({ derivation, responseKey }: ReadField, failed: string | number): boolean {
  return derivation ? derivation.sources.some((source) => source.responseKey === failed) : responseKey === failed;
}
