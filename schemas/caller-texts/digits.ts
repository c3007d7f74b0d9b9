/** Decimal digits of any script (Unicode general category Nd). */
const DECIMAL = /\p{Nd}/u;

/**
 * Digits in circles of which Unicode knows the value, but which are neither Nd nor become ASCII digits
 * by NFKC: the first code point of each row, and its value.
 */
const CIRCLED_ROWS: readonly (readonly [first: number, value: number, length: number])[] = [
  [0x24f5, 1, 9],
  [0x24ff, 0, 1],
  [0x2776, 1, 9],
  [0x2780, 1, 9],
  [0x278a, 1, 9],
  [0x1f10b, 0, 1],
  [0x1f10c, 0, 1],
  [0x1369, 1, 9],
];

/** Characters that are not seen: a number with one between its digits reads like the number. */
const UNSEEN = /[\p{M}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;
const NOT_ASCII = /[^\p{ASCII}]/gu;
/** Control characters that set digits apart: tab and line breaks. */
const LINE_SPACE = /[\t-\r]/;
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * Returns a text with its digits in ASCII, of any script, to look for numbers in it: NFKC
 * (full-width, circled, superscript digits), then every digit by its value. Marks, and characters that
 * are not seen, are left out; tab and line breaks are spaces.
 */
export function withAsciiDigits(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text
    .normalize('NFKC')
    .replace(UNSEEN, (character) => (LINE_SPACE.test(character) ? ' ' : ''))
    .replace(NOT_ASCII, (character) => String(digitValue(character) ?? character));
}

/** Returns the value of one character that is a digit of some script, otherwise undefined. */
export function digitValue(character: string): number | undefined {
  const codePoint = character.codePointAt(0) ?? 0;
  if (DECIMAL.test(character)) return (codePoint - rowStart(codePoint)) % 10;
  const row = CIRCLED_ROWS.find(([first, , length]) => codePoint >= first && codePoint < first + length);
  return row && row[1] + codePoint - row[0];
}

/** Unicode encodes decimal digits in rows of ten, in order, from zero (stability policy of Numeric_Type=Decimal). */
function rowStart(codePoint: number): number {
  let start = codePoint;
  while (DECIMAL.test(String.fromCodePoint(start - 1))) start -= 1;
  return start;
}
