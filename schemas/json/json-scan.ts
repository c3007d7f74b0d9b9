/** Positions in a text of JSON, found without parsing it. Nothing here throws, on any text. */

export const SPACE = 0x20;
export const QUOTE = 0x22;
const PLUS = 0x2b;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
const NINE = 0x39;
export const COLON = 0x3a;
const CAPITAL_E = 0x45;
export const BACKSLASH = 0x5c;
const SMALL_E = 0x65;

/** A double keeps any numeral of this many digits (IEEE 754, binary64). */
export const EXACT_DIGITS = 15;

/** Returns how many names a text has, or more: looks at each colon that follows a quote, with white space between them. */
export function countNames(json: string): number {
  let names = 0;
  for (let colon = json.indexOf(':'); colon !== -1; colon = json.indexOf(':', colon + 1)) {
    let before = colon - 1;
    while (json.charCodeAt(before) <= SPACE) before -= 1;
    if (json.charCodeAt(before) === QUOTE) names += 1;
  }
  return names;
}

/** Whether a numeral can begin at a position. */
export function startsNumeral(json: string, position: number): boolean {
  return isNumeralStart(json.charCodeAt(position));
}

export function isNumeralStart(unit: number): boolean {
  return unit === MINUS || isDigit(unit);
}

export function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}

/** Returns the position after everything that can stand in a numeral that begins at `start`. */
export function endOfNumeral(json: string, start: number): number {
  let end = start + 1;
  while (isNumeralUnit(json.charCodeAt(end))) end += 1;
  return end;
}

export function isNumeralUnit(unit: number): boolean {
  if (isDigit(unit)) return true;
  return unit === POINT || unit === MINUS || unit === PLUS || unit === SMALL_E || unit === CAPITAL_E;
}

/** Returns the position of the first character that is no white space, from `start` on. */
export function pastSpace(json: string, start: number): number {
  let at = start;
  while (json.charCodeAt(at) <= SPACE) at += 1;
  return at;
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
  return json.charCodeAt(pastSpace(json, position)) === COLON;
}
