import { identityNumbersIn } from '../../schemas/caller-texts/identity-numbers.js';
import { isIin } from '../../schemas/identifiers/iin.js';

/** Digits of a person's number. */
const LENGTH = 12;

/** Whether a text holds the number of a person: its digits of any script, with spaces or dashes between them. */
export function holdsPersonNumber(text: string): boolean {
  return text.length >= LENGTH && identityNumbersIn(text).some(isIin);
}
