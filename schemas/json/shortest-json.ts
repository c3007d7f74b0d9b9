/** Below this, a double keeps every whole number, and `String` writes it without an exponent. */
const MAX_COUNTED = 1e15;
/** Fractions of more digits are not counted. */
const FRACTION_DIGITS = 6;
/** With as many digits after the point, a number below this has at most the 15 digits that a double keeps of any numeral. */
const MAX_WITH_FRACTION = MAX_COUNTED / 10 ** FRACTION_DIGITS;

/** Of more fractions than this, one mostly ends with a zero: counting the others would be in vain. */
const MAX_FRACTIONS = 12;

const EXPONENT = /\d[eE]/;

/**
 * Whether a valid text of JSON is the shortest that has this value: no white space, no name twice, each numeral as
 * `String` writes it. Then a parsed value says all that the text does, and no numeral was rounded. Looks at lengths only:
 * anything else that a text holds makes it longer. False also where that cannot be told, and for a value of more than `maxDepth`
 * levels or with the name `__proto__`.
 *
 * @param value what `JSON.parse` reads in the text.
 */
export function isShortestJson(text: string, value: unknown, maxDepth: number): boolean {
  const found: Found = { mayHaveExponent: false, fractions: 0 };
  const length = lengthOf(value, maxDepth, found) + charactersOfEscapes(text);
  return length === text.length && !(found.mayHaveExponent && EXPONENT.test(text));
}

interface Found {
  /** Whether a number has a numeral with an exponent that is not longer than the one without. */
  mayHaveExponent: boolean;
  fractions: number;
}

/** NaN: cannot be told. */
function lengthOf(value: unknown, depth: number, found: Found): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2;
    case 'number':
      return numeralLength(value, found);
    case 'boolean':
      return value ? 4 : 5;
    default:
      return value === null ? 4 : objectLength(value as object, depth, found);
  }
}

function objectLength(value: object, depth: number, found: Found): number {
  if (depth === 0) return Number.NaN;
  if (Array.isArray(value)) return listLength(value, depth, found);
  let length = 1;
  for (const name in value) {
    if (name === '__proto__') return Number.NaN;
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    // Two quotes, a colon, and a comma or the last brace.
    length += name.length + 4;
    // Most values are texts, most others are numbers: no call spares a third of the time.
    if (typeof inner === 'string') length += inner.length + 2;
    else if (typeof inner === 'number') length += numeralLength(inner, found);
    else length += lengthOf(inner, depth - 1, found);
  }
  return length === 1 ? 2 : length;
}

function listLength(list: readonly unknown[], depth: number, found: Found): number {
  let length = 1;
  for (let at = 0; at < list.length && length > 0; at += 1) length += 1 + lengthOf(list[at], depth - 1, found);
  return length === 1 ? 2 : length;
}

function numeralLength(number: number, found: Found): number {
  if (number < 0) return 1 + numeralLength(-number, found);
  if ((number | 0) === number) {
    if (number < 100) return number < 10 ? 1 : 2;
    if (number % 100 === 0) found.mayHaveExponent = true;
    return digitsOf(number);
  }
  const whole = Math.floor(number);
  if (whole !== number) return fractionLength(number, whole, found);
  if (!(number < MAX_COUNTED)) return Number.NaN;
  if (Math.floor(number / 100) * 100 === number) found.mayHaveExponent = true;
  return digitsOf(number);
}

function fractionLength(number: number, whole: number, found: Found): number {
  found.fractions += 1;
  if (!(number < MAX_WITH_FRACTION) || found.fractions > MAX_FRACTIONS) return Number.NaN;
  if (number < 0.1) found.mayHaveExponent = true;
  const before = number < 10 ? 1 : digitsOf(whole);
  let unit = 10;
  for (let after = 1; after <= FRACTION_DIGITS; after += 1) {
    // Both are whole numbers that a double keeps, so that their quotient is the double nearest to this decimal.
    if (Math.round(number * unit) / unit === number) return before + 1 + after;
    unit *= 10;
  }
  return Number.NaN;
}

/** Returns the digits of a whole number from 10 to {@link MAX_COUNTED}. */
function digitsOf(whole: number): number {
  if (whole < 100_000) return whole < 1_000 ? (whole < 100 ? 2 : 3) : whole < 10_000 ? 4 : 5;
  let digits = 6;
  for (let bound = 1_000_000; whole >= bound; bound *= 10) digits += 1;
  return digits;
}

/** Returns how many characters a text has beyond those that its escapes stand for. */
function charactersOfEscapes(text: string): number {
  let more = 0;
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at + 2)) more += text[at + 1] === 'u' ? 5 : 1;
  return more;
}
