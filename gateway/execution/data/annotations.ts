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

interface Annotation {
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
export class Annotations {
  readonly #annotations = new Map<object, Annotation>();
  readonly #withheld: Fault[] = [];
  #hasNotes = false;
  #hasFaults = false;

  /** Every fault so far that withholds a value because its category has no basis. */
  get withheld(): readonly Fault[] {
    return this.#withheld;
  }

  /** Returns the person whom an object was accepted for, if it has one of its own. */
  subjectOf(holder: object): SubjectRef | undefined {
    if (this.#annotations.size === 0) return undefined;
    return this.#annotations.get(holder)?.subject;
  }

  setSubject(holder: object, subject: SubjectRef): void {
    this.#of(holder).subject = subject;
  }

  /** Returns why a value is missing. If no fetch ever set the value, returns the fault recorded for the object around it. */
  faultAt(holder: object, key: string | number): Fault | undefined {
    const annotation = this.#annotations.get(holder);
    return (
      annotation?.faults.get(key) ??
      (annotation?.around && (holder as Record<string | number, unknown>)[key] === undefined
        ? annotation.around
        : undefined)
    );
  }

  /**
   * Carries the reason for which a place was given up over to what stands there all the same: one
   * fetch may be refused or fail for an object to which another brings the rest.
   */
  passFaultDown(holder: object, key: string | number, value: object): void {
    if (!this.#hasFaults) return;
    const annotation = this.#annotations.get(holder);
    const fault = annotation?.faults.get(key) ?? annotation?.around;
    if (fault) this.#of(value).around ??= fault;
  }

  /** The first reason stays: what was withheld does not become a register's failure. */
  setFault(holder: object, key: string | number, fault: Fault): void {
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
    return this.#annotations.get(holder)?.notes ?? [];
  }

  note(holder: object, note: RecordNote): void {
    this.#hasNotes = true;
    addNote(this.#of(holder).notes, note);
  }

  rejectedAt(holder: object, key: string | number): RecordNote | undefined {
    return this.#annotations.get(holder)?.rejected.get(key);
  }

  noteRejected(holder: object, key: string | number, note: RecordNote): void {
    this.#hasNotes = true;
    this.#of(holder).rejected.set(key, note);
  }

  /** What was known of `from` is from now on known of `to`; a subject that `to` has stays. */
  carry(from: object, to: object): void {
    if (this.#annotations.size === 0) return;
    const annotation = this.#annotations.get(from);
    if (!annotation) return;
    const own = this.#of(to);
    if (annotation.subject && !own.subject) own.subject = annotation.subject;
    for (const [key, fault] of annotation.faults) if (!own.faults.has(key)) own.faults.set(key, fault);
    for (const [key, note] of annotation.rejected) own.rejected.set(key, note);
    for (const note of annotation.notes) addNote(own.notes, note);
  }

  #of(holder: object): Annotation {
    let annotation = this.#annotations.get(holder);
    if (!annotation)
      this.#annotations.set(holder, (annotation = { faults: new Map(), notes: [], rejected: new Map() }));
    return annotation;
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
