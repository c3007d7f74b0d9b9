import { caseFault, type CasePatterns } from '../../../schemas/caller-texts/case-number.js';
import { textFault, type TextFault } from '../../../schemas/caller-texts/text-fault.js';
import type { EntryCase } from '../entries.js';

/** Why and in which case the log is read, in the reader's words. */
export interface ReadGrounds {
  /** Without white space at its ends. */
  readonly reason: string | null;
  readonly case: EntryCase | null;
}

/** What keeps grounds from being taken: which of them, and why. */
export type GroundsFault =
  | { readonly of: 'reason'; readonly fault: TextFault | 'missing' | 'length' }
  | { readonly of: 'case'; readonly fault: TextFault | 'missing' };

/** Characters of a reason. */
export const REASON_LENGTH = { least: 10, most: 500 } as const;

/**
 * Returns what is wrong with the grounds of a reading, or undefined. They stand in an entry, so that neither may hold the
 * number of a person.
 *
 * @param isDemanded whether both must be given, as for a search for a person.
 * @param people identifiers of those that are searched for.
 * @param patterns the forms of case numbers that agencies declare. Default: none.
 */
export function groundsFault(
  { reason, case: matter }: ReadGrounds,
  {
    isDemanded,
    people,
    patterns = () => undefined,
  }: { readonly isDemanded: boolean; readonly people: readonly string[]; readonly patterns?: CasePatterns },
): GroundsFault | undefined {
  if (isDemanded && reason === null) return { of: 'reason', fault: 'missing' };
  if (isDemanded && matter === null) return { of: 'case', fault: 'missing' };
  const ofReason = reason === null ? undefined : reasonFault(reason, people);
  if (ofReason !== undefined) return { of: 'reason', fault: ofReason };
  const ofCase = matter === null ? undefined : caseFault(matter, { patterns, people });
  return ofCase === undefined ? undefined : { of: 'case', fault: ofCase };
}

function reasonFault(reason: string, people: readonly string[]): TextFault | 'length' | undefined {
  const { length } = [...reason];
  return length < REASON_LENGTH.least || length > REASON_LENGTH.most ? 'length' : textFault(reason, people);
}
