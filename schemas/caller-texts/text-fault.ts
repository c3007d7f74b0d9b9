import { holdsIdentityNumber, holdsNumberOf } from './identity-numbers.js';

/**
 * Why a text of a caller may not stand in an entry or a log line.
 *
 * - `form`: it is not in NFKC, or holds a control, bidirectional or invisible character.
 * - `person`: it holds the number of a person that the request names.
 * - `identity_number`: it holds what may be the number of some person or organisation.
 */
export type TextFault = 'form' | 'person' | 'identity_number';

const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/**
 * The rule for every text that a caller chose and that reaches an entry or a log line: case numbers,
 * names, reasons. Returns what is wrong, or undefined for a text that may be written.
 *
 * A text is not normalised here: what was granted for one spelling must not become another.
 *
 * @param people identifiers of those that the request names.
 */
export function textFault(text: string, people: Iterable<string> = []): TextFault | undefined {
  if (text !== text.normalize('NFKC') || UNSAFE.test(text)) return 'form';
  if (holdsNumberOf(text, people)) return 'person';
  return holdsIdentityNumber(text) ? 'identity_number' : undefined;
}
