import type { AnswerPath, Place } from './complete.js';
import { TOLD } from './complete.js';
import type { Fault } from './fault.js';
import type { Marks } from './marks.js';
import type { RecordQuality } from './port.js';

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

  tell(place: Place, fault: Fault): typeof TOLD {
    this.faults.push({ path: pathAt(place), fault });
    return TOLD;
  }

  /** The verdicts on the records that an object was made of. */
  records(object: object, path: AnswerPath): void {
    const notes = this.#marks.notesOf(object);
    if (notes.length > 0) for (const note of notes) this.#records.push({ path: pathOf(path), ...note });
  }

  get recordsSoFar(): number {
    return this.#records.length;
  }

  /** What stood in an object that became null is not in the answer. */
  forgetRecordsAfter(count: number): void {
    this.#records.length = count;
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
