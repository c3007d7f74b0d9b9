import type { SubjectRef } from '../../../schemas/ports/gate.js';
import type { Finding, RecordVerdict } from '../../../schemas/ports/quality.js';
import type { Verdict } from '../../../schemas/vocabulary.js';
import { isWithheld, type Fault } from './fault.js';

/** The verdict of a contract on a record, kept until the record's path in the answer is known. */
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
  faults?: Map<string | number, Fault>;
  /** The fault of a failed fetch for the position of this object, if another fetch filled it. */
  around?: Fault;
  readonly notes: RecordNote[];
  /** Verdicts on rejected records, by the key or index at which the record would stand. */
  rejected?: Map<string | number, RecordNote>;
}

/**
 * What one execution knows about the objects and lists of its answer: which person they are about, why a value is
 * missing, and the verdicts of contracts. It is kept beside the data, never in the data, so that nothing that a
 * register sends can be taken for it.
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

  /** Returns the person that an object was accepted for, if it has one of its own. */
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
      annotation?.faults?.get(key) ??
      (annotation?.around && (holder as Record<string | number, unknown>)[key] === undefined
        ? annotation.around
        : undefined)
    );
  }

  /**
   * Passes the fault at a key down to the object or list that stands there. One fetch can fail or be refused
   * for an object while another fetch brings the rest of it.
   */
  passFaultDown(holder: object, key: string | number, value: object): void {
    if (!this.#hasFaults) return;
    const annotation = this.#annotations.get(holder);
    const fault = annotation?.faults?.get(key) ?? annotation?.around;
    if (fault) this.#of(value).around ??= fault;
  }

  /** Sets why a value is missing. The first fault stays: a withheld value never becomes a register's failure. */
  setFault(holder: object, key: string | number, fault: Fault): void {
    if (isWithheld(fault)) this.#withheld.push(fault);
    this.#hasFaults = true;
    const faults = (this.#of(holder).faults ??= new Map());
    if (!faults.has(key)) faults.set(key, fault);
  }

  /** Whether any value is missing for a known reason. */
  get hasFaults(): boolean {
    return this.#hasFaults;
  }

  /** Whether any record has a verdict. */
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
    return this.#annotations.get(holder)?.rejected?.get(key);
  }

  noteRejected(holder: object, key: string | number, note: RecordNote): void {
    this.#hasNotes = true;
    (this.#of(holder).rejected ??= new Map()).set(key, note);
  }

  /** Adds to `to` everything that is known of `from`. A subject or fault that `to` has stays. */
  carry(from: object, to: object): void {
    if (this.#annotations.size === 0) return;
    const annotation = this.#annotations.get(from);
    if (!annotation) return;
    const own = this.#of(to);
    if (annotation.subject && !own.subject) own.subject = annotation.subject;
    for (const [key, fault] of annotation.faults ?? [])
      if (own.faults?.has(key) !== true) (own.faults ??= new Map()).set(key, fault);
    for (const [key, note] of annotation.rejected ?? []) (own.rejected ??= new Map()).set(key, note);
    for (const note of annotation.notes) addNote(own.notes, note);
  }

  #of(holder: object): Annotation {
    let annotation = this.#annotations.get(holder);
    // Maps are made when they are needed: mostly a person's records have a note and nothing else.
    if (!annotation) this.#annotations.set(holder, (annotation = { notes: [] }));
    return annotation;
  }
}

const WORST_LAST: readonly Verdict[] = ['not_evaluated', 'pass', 'flagged', 'rejected'];

/** Adds a note. Notes of one register on one record from several calls become one, with the worst verdict. */
export function addNote(notes: RecordNote[], added: RecordNote): void {
  const position = notes.findIndex(({ register, type }) => register === added.register && type === added.type);
  const known = notes[position];
  if (known) notes[position] = together(known, added);
  else notes.push(added);
}

/** Returns one note of two on the same record, with the worst verdict. */
export function together(one: RecordNote, other: RecordNote): RecordNote {
  const verdict = WORST_LAST.indexOf(other.verdict) > WORST_LAST.indexOf(one.verdict) ? other.verdict : one.verdict;
  const rules = new Set(one.findings.map(({ rule }) => rule));
  return { ...one, verdict, findings: [...one.findings, ...other.findings.filter(({ rule }) => !rules.has(rule))] };
}
