import type { Fault } from '../data/fault.js';
import type { Annotations } from '../data/annotations.js';
import type { RecordQuality } from '../port.js';
import type { DataObject } from '../data/data-object.js';

/**
 * Where a value stands, in the data and in the answer. Passed as separate arguments on the way down,
 * and put together only where something is to be reported of the place: most values are just right.
 */
export interface ValuePosition {
  readonly holder: object;
  readonly key: string | number;
  /** Of what encloses the value. */
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

/** The value as the client gets it, `null`, {@link ERROR_REPORTED} or {@link NULL_BUBBLED}; the other arguments are its {@link ValuePosition}. */
export type Complete = (
  value: unknown,
  projection: Projection,
  holder: object,
  key: string | number,
  before: AnswerPath | undefined,
  answerKey: string | number,
) => unknown;

/** An object with the client's keys in the client's order, or `ERROR_REPORTED` when a null bubbled to it. `path`: its place in the answer; undefined at the top. */
export type ProjectObject = (value: DataObject, path: AnswerPath | undefined, projection: Projection) => unknown;

export type ResponsePath = readonly (string | number)[];

/** A hole in the answer, at the client's path. */
export interface PlacedFault {
  readonly path: ResponsePath;
  readonly fault: Fault;
}

/** What one projection of the data finds besides the data. */
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

  /** No value: says why, if anything is known. */
  absent(position: ValuePosition): typeof ERROR_REPORTED | null {
    const note = this.#annotations.rejectedAt(position.holder, position.key);
    if (note) this.#records.push({ path: pathAt(position), ...note });
    const fault = this.#annotations.faultAt(position.holder, position.key);
    return fault ? this.report(position, fault) : null;
  }

  malformed(position: ValuePosition): typeof ERROR_REPORTED {
    return this.report(position, { code: 'REGISTER_MALFORMED_RESPONSE' });
  }

  /** An object of which only an interface is known, where more is asked: the register that knows its type did not say. */
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

  /** What stands at a place that one fetch gave up: what is missing in it is missing for the same reason. */
  enter(value: object, holder: object, key: string | number): void {
    this.#annotations.passFaultDown(holder, key, value);
  }

  /** Projects an object with the verdicts on the records that it was made of; what stood in one that became null is not in the answer. */
  withRecords(object: DataObject, path: AnswerPath, project: ProjectObject): unknown {
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

function pathOf(path: AnswerPath): ResponsePath {
  const keys: (string | number)[] = [];
  for (let at: AnswerPath | undefined = path; at; at = at.before) keys.unshift(at.key);
  return keys;
}
