/** Positions in a text of JSON, found without parsing it. Nothing here throws, on any text. */

const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
const COLON = 0x3a;
const CAPITAL_E = 0x45;
const BACKSLASH = 0x5c;
const SMALL_E = 0x65;

/** A double keeps any numeral of this many digits (IEEE 754, binary64). */
export const EXACT_DIGITS = 15;

/** What a text shows at its names. Texts in it that look like names count too. */
export interface NameSurvey {
  /** How many names the text has, or more. */
  readonly names: number;
  /** Where numerals begin that stand after a name and may be inexact, see {@link mayBeInexact}. In their order. */
  readonly inexact: readonly number[];
}

const NOWHERE: readonly number[] = Object.freeze([]);

/** Looks at each colon that follows a quote, with white space between them, because each name ends so. */
export function surveyNames(json: string): NameSurvey {
  let names = 0;
  let inexact: number[] | undefined;
  for (let colon = json.indexOf(':'); colon !== -1; colon = json.indexOf(':', colon + 1)) {
    let before = colon - 1;
    while (json.charCodeAt(before) <= SPACE) before -= 1;
    if (json.charCodeAt(before) !== QUOTE) continue;
    names += 1;
    let after = colon + 1;
    while (json.charCodeAt(after) <= SPACE) after += 1;
    if (startsNumeral(json, after) && mayBeInexact(json, after, endOfNumeral(json, after)))
      (inexact ??= []).push(after);
  }
  return { names, inexact: inexact ?? NOWHERE };
}

/**
 * Whether a numeral may be one that a double rounds, or that `String` does not write in the same way: more digits than
 * a double keeps, an exponent, a zero at the end of a fraction, below a hundred-thousandth, a zero below zero.
 */
export function mayBeInexact(json: string, start: number, end: number): boolean {
  const digits = json.charCodeAt(start) === MINUS ? start + 1 : start;
  let hasPoint = false;
  for (let at = digits; at < end; at += 1) {
    const unit = json.charCodeAt(at);
    if (unit === SMALL_E || unit === CAPITAL_E) return true;
    if (unit === POINT) hasPoint = true;
  }
  if (!hasPoint) return end - digits > EXACT_DIGITS || (digits > start && json.charCodeAt(digits) === ZERO);
  return end - digits > EXACT_DIGITS + 1 || json.charCodeAt(end - 1) === ZERO || json.startsWith('0.00000', digits);
}

/** Whether a numeral can begin at a position. */
export function startsNumeral(json: string, position: number): boolean {
  const unit = json.charCodeAt(position);
  return unit === MINUS || (unit >= ZERO && unit <= NINE);
}

/** Returns the position after everything that can stand in a numeral that begins at `start`. */
export function endOfNumeral(json: string, start: number): number {
  let end = start + 1;
  while (isNumeralUnit(json.charCodeAt(end))) end += 1;
  return end;
}

function isNumeralUnit(unit: number): boolean {
  if (unit >= ZERO && unit <= NINE) return true;
  return unit === POINT || unit === MINUS || unit === PLUS || unit === SMALL_E || unit === CAPITAL_E;
}

/** Returns the position after a text in quotes that begins at `start`. */
export function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end + 1;
}

/** Whether an odd number of backslashes stands before a position. */
function isEscaped(json: string, position: number): boolean {
  let before = position - 1;
  while (json.charCodeAt(before) === BACKSLASH) before -= 1;
  return (position - before) % 2 === 0;
}

/** Whether a colon follows at a position, with white space between them. */
export function isBeforeColon(json: string, position: number): boolean {
  let at = position;
  while (json.charCodeAt(at) <= SPACE) at += 1;
  return json.charCodeAt(at) === COLON;
}
