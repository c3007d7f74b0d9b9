import type { GroupAnswer } from '../../../adapters/port.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import { reasonFault, type Fault } from '../data/fault.js';
import type { Annotations } from '../data/annotations.js';
import { concreteType, type ReadField, type ReadSelection } from '../reads/read-field.js';
import type { DataObject } from '../data/data-object.js';
import { isObject } from '../../../schemas/objects.js';

/**
 * The positions in one register's answer where a link led to a person who is absent, or that told a hidden dwelling. The value at such a position
 * is left out of the answer, and a failure at it is not reported.
 */
export class HiddenPositions {
  readonly #empty = new Map<object, Set<string>>();
  readonly #leftOut = new Map<object, number[]>();

  /** Hides the value at this key of an object. */
  hide(holder: object, key: string): void {
    const keys = this.#empty.get(holder);
    if (keys) keys.add(key);
    else this.#empty.set(holder, new Set([key]));
  }

  isHidden(holder: object, key: string | number): boolean {
    return typeof key === 'string' && this.#empty.get(holder)?.has(key) === true;
  }

  /** Leaves the item at this position of the register's list out of the answer's list. Must be called in order of position. */
  leaveOut(list: object, position: number): void {
    const positions = this.#leftOut.get(list);
    if (positions) positions.push(position);
    else this.#leftOut.set(list, [position]);
  }

  /** Returns the position in the answer's list of an item of the register's list, or undefined if the item was left out. */
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

/** Returns a function that gives the field failures of the record at a position. All failures are read in one pass. */
export function failuresByRecord(
  { errors }: Pick<GroupAnswer, 'errors'>,
  register: string,
): (record: number) => readonly FieldFailure[] {
  if (errors.length === 0) return () => NONE;
  const byRecord = new Map<string | number | undefined, FieldFailure[]>();
  for (const { path, reason } of errors) {
    const failed = { path: path.slice(1), fault: reasonFault(register, reason) };
    const others = byRecord.get(path[0]);
    if (others) others.push(failed);
    else byRecord.set(path[0], [failed]);
  }
  return (record) => byRecord.get(record) ?? NONE;
}

/**
 * Sets the fault of each field failure that a register reported, at the deepest position of its path that exists in
 * the answer. A failure about a person who is absent is not reported.
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

/** Whether a failure at this response key is a failure of the field. A derived field fails with any of its sources. */
function answersFor({ derivation, responseKey }: ReadField, failed: string | number): boolean {
  return derivation ? derivation.sources.some((source) => source.responseKey === failed) : responseKey === failed;
}
