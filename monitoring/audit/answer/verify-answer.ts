import { commitment } from '../commitment.js';
import { committedPart, keptAnswer, readReceipt } from './kept-answer.js';
import type { LostEntries } from '../lost-entries.js';
import type { AuditReader } from '../reader.js';

/** One check. Checks are made in order; the first that does not hold ends the verification. */
export interface AnswerCheck {
  readonly check:
    | 'answer has a receipt'
    | 'entry is in the log'
    | 'entry’s bytes hash to its leaf'
    | 'leaf is the receipt’s'
    | 'answer is the one committed to';
  readonly holds: boolean;
}

export interface AnswerVerification {
  readonly verified: boolean;
  readonly checks: readonly AnswerCheck[];
  /**
   * Set if the entry is not in the log because it was lost when the database went back in time. Such a
   * receipt may be genuine: the log can no longer tell.
   */
  readonly lost?: LostEntries;
}

/**
 * Recomputes the commitment of a kept answer, `{data?, errors?, extensions}` as it was received, and
 * compares it with the entry that the receipt of the answer names.
 */
export async function verifyAnswer(reader: AuditReader, kept: unknown): Promise<AnswerVerification> {
  const checks: AnswerCheck[] = [];
  const holds = (check: AnswerCheck['check'], result: boolean): boolean => {
    checks.push({ check, holds: result });
    return result;
  };
  const done = (): AnswerVerification => ({
    verified: checks.length === 5 && checks.every((check) => check.holds),
    checks,
  });

  const answer = keptAnswer(kept);
  const receipt = readReceipt(answer);
  if (!holds('answer has a receipt', receipt !== undefined) || receipt === undefined) return done();
  const entry = await reader.show(receipt.log, receipt.index);
  if (!holds('entry is in the log', entry !== undefined) || entry === undefined) {
    const lost = await reader.lost(receipt.log, receipt.index);
    return { ...done(), ...(lost === undefined ? {} : { lost }) };
  }
  if (!holds('entry’s bytes hash to its leaf', entry.intact)) return done();
  if (!holds('leaf is the receipt’s', entry.leafHash === receipt.leafHash)) return done();
  const committed = 'answer' in entry.body ? entry.body.answer : null;
  holds(
    'answer is the one committed to',
    committed === commitment(Buffer.from(receipt.salt, 'hex'), committedPart(answer)),
  );
  return done();
}
