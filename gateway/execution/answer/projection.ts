import type { Fault } from '../data/fault.js';
import type { Annotations } from '../data/annotations.js';
import type { RecordQuality } from '../port.js';
import type { DataObject } from '../data/data-object.js';

/**
 * The position of a value in the data and in the answer. Its parts are passed down as separate arguments and are
 * put into one object only for a report, because most values have nothing to report.
 */
export interface ValuePosition {
  readonly holder: object;
  readonly key: string | number;
  /** Path of the object or list around the value. */
  readonly before: AnswerPath | undefined;
  /** The client's key. */
  readonly answerKey: string | number;
}

export interface AnswerPath {
  readonly before: AnswerPath | undefined;
  readonly key: string | number;
}

/** A null whose error is reported already. */
export const ERROR_REPORTED = Symbol('error reported');
/** A null that the schema does not allow: the enclosing value becomes null (GraphQL spec, section 6.4.4). */
export const NULL_BUBBLED = Symbol('null bubbled');

/** Returns the value as the client gets it, `null`, {@link ERROR_REPORTED} or {@link NULL_BUBBLED}. The last four arguments are the parts of a {@link ValuePosition}. */
export type Complete = (
  value: unknown,
  projection: Projection,
  holder: object,
  key: string | number,
  before: AnswerPath | undefined,
  answerKey: string | number,
) => unknown;

/** Returns an object with the client's keys in the client's order, or `ERROR_REPORTED` if a null bubbled up to it. `path` is its position in the answer, undefined at the top. */
export type ProjectObject = (value: DataObject, path: AnswerPath | undefined, projection: Projection) => unknown;

export type ResponsePath = readonly (string | number)[];

/** The fault of a missing value, at the client's path. */
export interface PlacedFault {
  readonly path: ResponsePath;
  readonly fault: Fault;
}

/** Collects the faults and record verdicts that one projection of the data meets. */
export class Projection {
  readonly faults: PlacedFault[] = [];
  readonly #records: RecordQuality[] = [];
  readonly #annotations: Annotations;

  constructor(annotations: Annotations) {
    this.#annotations = annotations;
  }

  get recordQualities(): readonly RecordQuality[] {
    return this.#records;
  }

  /** Returns null for a missing value. Reports the fault if one is known. */
  absent(position: ValuePosition): typeof ERROR_REPORTED | null {
    const note = this.#annotations.rejectedAt(position.holder, position.key);
    if (note) this.#records.push({ path: pathAt(position), ...note });
    const fault = this.#annotations.faultAt(position.holder, position.key);
    return fault ? this.report(position, fault) : null;
  }

  malformed(position: ValuePosition): typeof ERROR_REPORTED {
    return this.report(position, { code: 'REGISTER_MALFORMED_RESPONSE' });
  }

  /** Reports an object of which only the interface is known although the selection depends on its type: the register that knows the type gave no answer. */
  untyped(object: DataObject, position: ValuePosition): typeof ERROR_REPORTED {
    return this.report(
      position,
      this.#annotations.faultAt(object, '__typename') ?? { code: 'REGISTER_MALFORMED_RESPONSE' },
    );
  }

  report(position: ValuePosition, fault: Fault): typeof ERROR_REPORTED {
    this.faults.push({ path: pathAt(position), fault });
    return ERROR_REPORTED;
  }

  /** Passes the fault at a key down to the value that another fetch put there: what is missing in the value is missing for the same reason. */
  enter(value: object, holder: object, key: string | number): void {
    this.#annotations.passFaultDown(holder, key, value);
  }

  /** Projects an object and adds the verdicts on its records. `path` is undefined for the top of the data. Drops the verdicts if the object becomes null. */
  withRecords(object: DataObject, path: AnswerPath | undefined, project: ProjectObject): unknown {
    if (!this.#annotations.hasNotes) return project(object, path, this);
    const before = this.#records.length;
    for (const note of this.#annotations.notesOf(object)) this.#records.push({ path: pathOf(path), ...note });
    const completed = project(object, path, this);
    if (completed === ERROR_REPORTED) this.#records.length = before;
    return completed;
  }
}

function pathAt({ before, answerKey }: ValuePosition): ResponsePath {
  return pathOf({ before, key: answerKey });
}

function pathOf(path: AnswerPath | undefined): ResponsePath {
  const keys: (string | number)[] = [];
  for (let at = path; at; at = at.before) keys.unshift(at.key);
  return keys;
}
