import { isCivilDate } from '../time/civil-date.js';
import type { AgeClass } from '../vocabulary.js';

/**
 * The individual identification number of Kazakhstan (IIN): birth date, century and sex, serial,
 * check digit. Source: rules for forming identification numbers, Government Decree No. 565 of 2003.
 */

const FIRST_PASS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;
const SECOND_PASS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2] as const;
const CENTURIES: Readonly<Record<string, string>> = {
  '1': '18',
  '2': '18',
  '3': '19',
  '4': '19',
  '5': '20',
  '6': '20',
};
const AGE_OF_MAJORITY = 18;

/** The check digit for the first eleven digits (IIN and BIN alike), or undefined when the number is never issued. */
export function checkDigit(firstEleven: string): number | undefined {
  const first = weightedSum(firstEleven, FIRST_PASS);
  if (first < 10) return first;
  const second = weightedSum(firstEleven, SECOND_PASS);
  return second < 10 ? second : undefined;
}

function weightedSum(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let position = 0; position < weights.length; position += 1) {
    sum += (digits.charCodeAt(position) - 48) * (weights[position] ?? 0);
  }
  return sum % 11;
}

/** True for twelve ASCII digits with a birth date that exists and a right check digit. */
export function isIin(text: string): boolean {
  return /^[0-9]{12}$/.test(text) && birthDateOf(text) !== undefined && checkDigit(text) === Number(text[11]);
}

/** The birth date that the number states, `YYYY-MM-DD`, or undefined when it states none. */
export function birthDateOf(iin: string): string | undefined {
  const century = CENTURIES[iin[6] ?? ''];
  if (century === undefined || !/^[0-9]{12}$/.test(iin)) return undefined;
  const date = `${century}${iin.slice(0, 2)}-${iin.slice(2, 4)}-${iin.slice(4, 6)}`;
  return isCivilDate(date) ? date : undefined;
}

/** M or F, from the seventh digit; undefined when it states neither. */
export function sexOf(iin: string): 'M' | 'F' | undefined {
  const digit = Number(iin[6]);
  if (!(digit >= 1 && digit <= 6)) return undefined;
  return digit % 2 === 1 ? 'M' : 'F';
}

/** Whether the person is of age on a civil date. Adult when the number does not tell: the stricter answer. */
export function ageClassOf(iin: string, factDate: string): AgeClass {
  const birth = birthDateOf(iin);
  if (birth === undefined) return 'adult';
  const majority = `${Number(birth.slice(0, 4)) + AGE_OF_MAJORITY}${birth.slice(4)}`;
  return factDate < majority && birth <= factDate ? 'minor' : 'adult';
}
