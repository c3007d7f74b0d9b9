import { RE2JS } from 're2js';
import type { Case } from '../vocabulary.js';
import { textFault, type TextFault } from './text-fault.js';

/** The form in which one agency writes its case numbers. */
export interface CasePattern {
  matches(number: string): boolean;
}

/** Returns the form that an agency has declared, or undefined. */
export type CasePatterns = (agency: string) => CasePattern | undefined;

const CASE_NUMBER = /^[\p{L}\p{Nd}][\p{L}\p{Nd}._/-]{0,63}$/u;

/** The case number with the most bytes in UTF-8: 64 characters of four bytes each. */
export const LONGEST_CASE_NUMBER = '\u{10330}'.repeat(64);

const ANCHORED = /^\^.*\$$/s;
const MAX_PATTERN = 200;

/**
 * Returns what keeps a case from being used: its number or its agency would put a number of a person
 * into the log, or the number is in no usable form. A number in the form of its agency may look like an
 * identity number; no form excuses the number of a person that the request names.
 */
export function caseFault(
  { agency, number }: Case,
  { patterns, people = [] }: { readonly patterns: CasePatterns; readonly people?: readonly string[] },
): TextFault | undefined {
  if (!CASE_NUMBER.test(number)) return 'form';
  const fault = textFault(number, people);
  if (fault === 'identity_number' && patterns(agency)?.matches(number) === true) return textFault(agency, people);
  return fault ?? textFault(agency, people);
}

/**
 * Compiles the form of an agency's case numbers. RE2 takes time in proportion to the number, for every pattern.
 *
 * @throws Error that says what is wrong with the pattern.
 */
export function compileCasePattern(pattern: string): CasePattern {
  if (pattern.length > MAX_PATTERN) throw new Error(`has more than ${MAX_PATTERN} characters`);
  if (!ANCHORED.test(pattern)) throw new Error('must begin with ^ and end with $, to say what the whole number is');
  const compiled = compiledOrUndefined(pattern);
  if (compiled === undefined)
    throw new Error('is not a linear regular expression (RE2: no back references, no look-around)');
  // `matches` means the whole number, also where the pattern has alternatives.
  return { matches: (number) => compiled.matcher(number).matches() };
}

function compiledOrUndefined(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}
