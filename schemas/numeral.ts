const WHOLE = /^-?(?:0|[1-9]\d*)$/;
/** Every whole number of 15 digits is a double. */
const EXACT_DIGITS = 15;
const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;
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
    return Number.isFinite(number) && compareDecimals(String(number), this.source) === 0 ? number : undefined;
  }

  toString(): string {
    return this.source;
  }

  /** A text, because a number in JSON is read as a double by most receivers. */
  toJSON(): string {
    return this.source;
  }
}

/**
 * Compares the exact values of two numerals: digits with or without a fraction and an exponent, zeros before them too.
 * Returns a number below zero, zero, or above it, if the first is less, equal or greater; undefined if one of them is
 * no numeral.
 */
export function compareDecimals(one: string, other: string): number | undefined {
  if (isShortWhole(one) && isShortWhole(other)) return Number(one) - Number(other);
  const [a, b] = [decimalOf(one), decimalOf(other)];
  if (a === undefined || b === undefined) return undefined;
  if (a.sign !== b.sign) return a.sign - b.sign;
  const magnitude = a.point - b.point || Number(a.digits > b.digits) - Number(a.digits < b.digits);
  return a.sign * magnitude;
}

/** Whether the value of a numeral is a whole number, however it is written: `3`, `3.0`, `1e2`. False for any other text. */
export function isWholeValue(numeral: string): boolean {
  if (isShortWhole(numeral)) return true;
  const decimal = decimalOf(numeral);
  return decimal !== undefined && decimal.digits.length <= decimal.point;
}

/** Digits alone, so few that a double has their exact value. Most numerals are such. */
function isShortWhole(numeral: string): boolean {
  if (numeral.length === 0 || numeral.length > EXACT_DIGITS) return false;
  for (let at = 0; at < numeral.length; at += 1) {
    const unit = numeral.charCodeAt(at);
    if (unit < DIGIT_ZERO || unit > DIGIT_NINE) return false;
  }
  return true;
}

/** The exact value of a numeral: `0.digits` times ten to the power of `point`, with the sign. */
interface Decimal {
  readonly sign: -1 | 0 | 1;
  /** Without zeros at either end. Empty for zero. */
  readonly digits: string;
  readonly point: number;
}

const NOTHING: Decimal = { sign: 0, digits: '', point: 0 };

function decimalOf(numeral: string): Decimal | undefined {
  const parts = PARTS.exec(numeral);
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutZerosAtEnd(digits);
  if (significant === '') return NOTHING;
  return {
    sign: sign === '-' ? -1 : 1,
    digits: significant,
    point: digits.length - fraction.length + Number(exponent),
  };
}

function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
