import type { SubjectRef } from '../../../schemas/ports/gate.js';
import type { Finding, RecordVerdict } from '../../../schemas/ports/quality.js';
import type { Verdict } from '../../../schemas/vocabulary.js';
import { isWithheld, type Fault } from './fault.js';

/** What the contract says of a record, on its way to the place where the record stands in the answer. */
export interface RecordNote {
  readonly register: string;
  readonly type: string;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

export function recordNote(register: string, type: string, { verdict, findings }: RecordVerdict): RecordNote {
  return { register, type, verdict, findings };
}

interface Mark {
  subject?: SubjectRef;
  readonly faults: Map<string | number, Fault>;
  /** Why a place around it was given up, where another fetch filled that place. */
  around?: Fault;
  readonly notes: RecordNote[];
  /** Verdicts on records that are not in the answer, by the place where they would stand. */
  readonly rejected: Map<string | number, RecordNote>;
}

/**
 * What one execution knows about the objects and lists of its answer, kept beside the data: about
 * whom they are, why a place in them is empty, and what their contracts say. Never in the data
 * itself, so that nothing a register sends can pass for it.
 */
export class Marks {
  readonly #marks = new Map<object, Mark>();
  readonly #withheld: Fault[] = [];
  #hasNotes = false;
  #hasFaults = false;

  /** Everything that was withheld for want of a basis so far. */
  get withheld(): readonly Fault[] {
    return this.#withheld;
  }

  /** The person under whom an object was admitted. */
  subjectOf(holder: object): SubjectRef | undefined {
    if (this.#marks.size === 0) return undefined;
    return this.#marks.get(holder)?.subject;
  }

  admitUnder(holder: object, subject: SubjectRef): void {
    this.#of(holder).subject = subject;
  }

  /** Why a place is empty; where nobody ever filled it, what gave up a place around it says why. */
  faultAt(holder: object, key: string | number): Fault | undefined {
    const mark = this.#marks.get(holder);
    return (
      mark?.faults.get(key) ??
      (mark?.around && (holder as Record<string | number, unknown>)[key] === undefined ? mark.around : undefined)
    );
  }

  /**
   * Carries the reason for which a place was given up over to what stands there all the same: one
   * fetch may be refused or fail for an object to which another brings the rest.
   */
  explainWithin(holder: object, key: string | number, value: object): void {
    if (!this.#hasFaults) return;
    const mark = this.#marks.get(holder);
    const fault = mark?.faults.get(key) ?? mark?.around;
    if (fault) this.#of(value).around ??= fault;
  }

  /** The first reason stays: what was withheld does not become a register's failure. */
  blame(holder: object, key: string | number, fault: Fault): void {
    if (isWithheld(fault)) this.#withheld.push(fault);
    this.#hasFaults = true;
    const { faults } = this.#of(holder);
    if (!faults.has(key)) faults.set(key, fault);
  }

  /** Whether a contract said anything of any record. */
  get hasNotes(): boolean {
    return this.#hasNotes;
  }

  notesOf(holder: object): readonly RecordNote[] {
    return this.#marks.get(holder)?.notes ?? [];
  }

  note(holder: object, note: RecordNote): void {
    this.#hasNotes = true;
    addNote(this.#of(holder).notes, note);
  }

  rejectedAt(holder: object, key: string | number): RecordNote | undefined {
    return this.#marks.get(holder)?.rejected.get(key);
  }

  noteRejected(holder: object, key: string | number, note: RecordNote): void {
    this.#hasNotes = true;
    this.#of(holder).rejected.set(key, note);
  }

  /** What was known of `from` is from now on known of `to`; a subject that `to` has stays. */
  carry(from: object, to: object): void {
    if (this.#marks.size === 0) return;
    const mark = this.#marks.get(from);
    if (!mark) return;
    const own = this.#of(to);
    if (mark.subject && !own.subject) own.subject = mark.subject;
    for (const [key, fault] of mark.faults) if (!own.faults.has(key)) own.faults.set(key, fault);
    for (const [key, note] of mark.rejected) own.rejected.set(key, note);
    for (const note of mark.notes) addNote(own.notes, note);
  }

  #of(holder: object): Mark {
    let mark = this.#marks.get(holder);
    if (!mark) this.#marks.set(holder, (mark = { faults: new Map(), notes: [], rejected: new Map() }));
    return mark;
  }
}

const WORST_LAST: readonly Verdict[] = ['not_evaluated', 'pass', 'flagged', 'rejected'];

/** Adds a note; what one register says of one record in several calls is one verdict, the worst. */
export function addNote(notes: RecordNote[], added: RecordNote): void {
  const position = notes.findIndex(({ register, type }) => register === added.register && type === added.type);
  const known = notes[position];
  if (known) notes[position] = together(known, added);
  else notes.push(added);
}

function together(one: RecordNote, other: RecordNote): RecordNote {
  const verdict = WORST_LAST.indexOf(other.verdict) > WORST_LAST.indexOf(one.verdict) ? other.verdict : one.verdict;
  const rules = new Set(one.findings.map(({ rule }) => rule));
  return { ...one, verdict, findings: [...one.findings, ...other.findings.filter(({ rule }) => !rules.has(rule))] };
}
