import type { AnswerPath, Place } from './complete.js';
import { TOLD } from './complete.js';
import type { Fault } from '../data/fault.js';
import type { Marks } from '../data/annotations.js';
import type { RecordQuality } from '../port.js';
import type { ProjectObject } from './write-object.js';
import type { DataObject } from '../fetch/entity-paths.js';

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
  readonly #marks: Marks;

  constructor(marks: Marks) {
    this.#marks = marks;
  }

  get recordQualities(): readonly RecordQuality[] {
    return this.#records;
  }

  /** No value: says why, if anything is known. */
  absent(place: Place): typeof TOLD | null {
    const note = this.#marks.rejectedAt(place.holder, place.key);
    if (note) this.#records.push({ path: pathAt(place), ...note });
    const fault = this.#marks.faultAt(place.holder, place.key);
    return fault ? this.tell(place, fault) : null;
  }

  malformed(place: Place): typeof TOLD {
    return this.tell(place, { code: 'REGISTER_MALFORMED_RESPONSE' });
  }

  /** An object of which only an interface is known, where more is asked: the register that knows its type did not say. */
  untyped(object: DataObject, place: Place): typeof TOLD {
    return this.tell(place, this.#marks.faultAt(object, '__typename') ?? { code: 'REGISTER_MALFORMED_RESPONSE' });
  }

  tell(place: Place, fault: Fault): typeof TOLD {
    this.faults.push({ path: pathAt(place), fault });
    return TOLD;
  }

  /** What stands at a place that one fetch gave up: what is missing in it is missing for the same reason. */
  enter(value: object, holder: object, key: string | number): void {
    this.#marks.explainWithin(holder, key, value);
  }

  /** Projects an object with the verdicts on the records that it was made of; what stood in one that became null is not in the answer. */
  withRecords(object: DataObject, path: AnswerPath, project: ProjectObject): unknown {
    if (!this.#marks.hasNotes) return project(object, path, this);
    const before = this.#records.length;
    for (const note of this.#marks.notesOf(object)) this.#records.push({ path: pathOf(path), ...note });
    const completed = project(object, path, this);
    if (completed === TOLD) this.#records.length = before;
    return completed;
  }
}

function pathAt({ before, answerKey }: Place): ResponsePath {
  return pathOf({ before, key: answerKey });
}

function pathOf(path: AnswerPath): ResponsePath {
  const keys: (string | number)[] = [];
  for (let at: AnswerPath | undefined = path; at; at = at.before) keys.unshift(at.key);
  return keys;
}
