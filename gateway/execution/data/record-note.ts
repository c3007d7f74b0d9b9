import type { Finding, RecordVerdict } from '../../../schemas/ports/quality.js';
import type { Verdict } from '../../../schemas/vocabulary.js';

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
