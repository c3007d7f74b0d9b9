import { isBin } from '../identifiers/bin.js';
import { isIin } from '../identifiers/iin.js';
import { withAsciiDigits } from './digits.js';

const LENGTH = 12;

/** Digits, and what may stand between the digits of one number: spaces, dashes, low lines, dots, brackets, commas. */
const RUN = /[0-9]+(?:[\s\p{Z}\p{Pd}\p{Pc}\p{Ps}\p{Pe}.,·•]+[0-9]+)*/gu;
const GROUP = /[0-9]+/g;

/** Letters that look like a digit, in Latin, Cyrillic and Greek. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  О: '0',
  о: '0',
  Ο: '0',
  ο: '0',
  I: '1',
  l: '1',
  І: '1',
  Ӏ: '1',
  З: '3',
  з: '3',
};

/** A shorter identifier could stand in a text by chance. */
const SHORTEST = 8;

/**
 * Returns whether exactly twelve digits in a row are a possible number of a person or an organisation
 * (IIN, BIN: date and check digit). Digits may be of any script, with separators between them.
 */
export function holdsIdentityNumber(text: string): boolean {
  return identityNumbersIn(text).length > 0;
}

/** Returns these numbers in ASCII digits, without separators, in the order of the text. */
export function identityNumbersIn(text: string): readonly string[] {
  return (withAsciiDigits(text).match(RUN) ?? []).flatMap((run) => numbersAmong(run.match(GROUP) ?? []));
}

/** Tries every row of neighbouring groups that has twelve digits together. */
function numbersAmong(groups: readonly string[]): readonly string[] {
  return groups.flatMap((_, first) => {
    let digits = '';
    for (let next = first; digits.length < LENGTH && next < groups.length; next += 1) digits += groups[next] ?? '';
    return digits.length === LENGTH && (isIin(digits) || isBin(digits)) ? [digits] : [];
  });
}

/**
 * Returns whether a text holds the identifier of one of these people: its digits in order, with
 * anything between and around them, letters that look like digits included.
 */
export function holdsNumberOf(text: string, people: Iterable<string>): boolean {
  const numbers = [...people].map(digitsOf).filter(({ length }) => length >= SHORTEST);
  if (numbers.length === 0) return false;
  const written = withAsciiDigits(text);
  const read = [digitsOf(written), digitsOf(written.replace(/\p{L}/gu, (letter) => LOOK_ALIKES[letter] ?? letter))];
  return numbers.some((number) => read.some((digits) => digits.includes(number)));
}

function digitsOf(text: string): string {
  return withAsciiDigits(text).replace(/[^0-9]/g, '');
}
