import { EXACT_DIGITS } from './json-scan.js';

/** Whether a numeral of JSON is not what `String` writes of its number, or has more digits than a double keeps. */
export function isInexactNumeral(numeral: string): boolean {
  if (String(Number(numeral)) !== numeral) return true;
  return numeral.length > EXACT_DIGITS && significantDigits(numeral) > EXACT_DIGITS;
}

function significantDigits(numeral: string): number {
  return numeral.replace(/e.*$|[-.]/gi, '').replace(/^0+/, '').length;
}
