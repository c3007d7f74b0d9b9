import { Numeral } from '../../../schemas/numeral.js';
import { ValueFault, VALUE_PRECISION, VALUE_TYPE } from '../value-fault.js';

/** A numeral of JSON (RFC 8259, section 6), in its parts. */
const NUMERAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;
const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const WHOLE = /^-?(?:0|[1-9]\d*)$/;

/** The longest text of the scalar `Decimal`. */
const MAX_DECIMAL = 40;

/** A double keeps any numeral of this many digits (IEEE 754, binary64). */
const EXACT_DIGITS = 15;

/**
 * Returns the digits of a number as they were sent, undefined for a value that is no number. A number with more digits
 * than a double keeps may have been rounded before it came here.
 */
export function sourceOf(value: unknown): string | ValueFault | undefined {
  if (value instanceof Numeral) return value.source;
  if (typeof value !== 'number') return undefined;
  const text = String(value);
  if (text.length <= EXACT_DIGITS) return Number.isFinite(value) ? text : VALUE_TYPE;
  const digits = text.replace(/e.*$|[-.]/g, '').replace(/^0+/, '').length;
  return digits <= EXACT_DIGITS ? text : VALUE_PRECISION;
}

/** Reads a number by the digits that were sent. */
export function readText(value: unknown): unknown {
  return typeof value === 'string' ? value : (sourceOf(value) ?? VALUE_TYPE);
}

/** Returns how a decimal is read for a field of this type. */
export function decimalReader(type: string): (value: unknown) => unknown {
  if (type !== 'Float') return readDecimal;
  return (value) => {
    const text = readDecimal(value);
    return typeof text === 'string' ? (new Numeral(text).exactNumber() ?? VALUE_PRECISION) : text;
  };
}

function readDecimal(value: unknown): unknown {
  if (typeof value === 'string') return PLAIN.test(value) ? within(value) : VALUE_TYPE;
  const source = sourceOf(value) ?? VALUE_TYPE;
  if (source instanceof ValueFault) return source;
  return PLAIN.test(source) ? within(source) : writtenOut(source);
}

function within(text: string): string | ValueFault {
  return text.length <= MAX_DECIMAL ? text : VALUE_PRECISION;
}

/** Returns a numeral with an exponent without it. Every digit is kept. */
function writtenOut(source: string): string | ValueFault {
  const [, sign = '', whole, fraction = '', exponent = '0'] = NUMERAL.exec(source) ?? [];
  if (whole === undefined) return VALUE_PRECISION;
  const digits = `${whole}${fraction}`;
  const point = whole.length + Number(exponent);
  if (Math.abs(point) > MAX_DECIMAL) return VALUE_PRECISION;
  const before =
    point > 0
      ? digits
          .slice(0, point)
          .padEnd(point, '0')
          .replace(/^0+(?=\d)/, '')
      : '0';
  const after = point >= 0 ? digits.slice(point) : digits.padStart(digits.length - point, '0');
  return within(after === '' ? `${sign}${before}` : `${sign}${before}.${after}`);
}

/** Returns how a whole number is read for a field of this type: as a number for `Int` and `Float`, otherwise as a text. */
export function integerReader(type: string): (value: unknown) => unknown {
  if (type === 'Int') return (value) => asNumber(readWhole(value), (number) => (number | 0) === number);
  if (type === 'Float') return (value) => asNumber(readWhole(value), Number.isSafeInteger);
  return readWhole;
}

function readWhole(value: unknown): string | ValueFault {
  const text = typeof value === 'string' ? value : (sourceOf(value) ?? VALUE_TYPE);
  if (text instanceof ValueFault) return text;
  return WHOLE.test(text) ? text : VALUE_TYPE;
}

/** The type keeps only numbers that `fits` accepts. */
function asNumber(text: string | ValueFault, fits: (number: number) => boolean): number | ValueFault {
  if (text instanceof ValueFault) return text;
  // There is no whole number -0.
  const number = Number(text) + 0;
  return fits(number) ? number : VALUE_PRECISION;
}

/** Reads a text of `length` digits. Zeros are added before a number only: a text that is shorter is another text. */
export function digitsReader(length: number): (value: unknown) => unknown {
  const exact = new RegExp(`^\\d{${length}}$`);
  return (value) => {
    if (typeof value === 'string') return exact.test(value) ? value : VALUE_TYPE;
    const source = sourceOf(value) ?? VALUE_TYPE;
    if (source instanceof ValueFault) return source;
    return /^(?:0|[1-9]\d*)$/.test(source) && source.length <= length ? source.padStart(length, '0') : VALUE_TYPE;
  };
}
