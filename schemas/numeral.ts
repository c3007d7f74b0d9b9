const WHOLE = /^-?(?:0|[1-9]\d*)$/;
const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A JSON numeral kept by its source text, because a JavaScript number would not tell it apart or would round it. It is a leaf, like a text. */
export class Numeral {
  /** `source`: a numeral of JSON (RFC 8259, section 6). */
  constructor(readonly source: string) {}

  /** Whether it is written as a whole number: no fraction and no exponent. */
  get isWhole(): boolean {
    return WHOLE.test(this.source);
  }

  /** Returns the number with exactly this decimal value, or undefined if a double would round it. */
  exactNumber(): number | undefined {
    const number = Number(this.source);
    return Number.isFinite(number) && decimalOf(String(number)) === decimalOf(this.source) ? number : undefined;
  }

  toString(): string {
    return this.source;
  }

  /** A text, because a number in JSON is read as a double by most receivers. */
  toJSON(): string {
    return this.source;
  }
}

/** Returns the decimal value of a numeral in one form: digits without zeros at either end, and the exponent. Zero has no sign. */
function decimalOf(source: string): string | undefined {
  const parts = PARTS.exec(source);
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutZerosAtEnd(digits);
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
