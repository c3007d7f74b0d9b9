import { compareDecimals, isWholeValue, Numeral } from '../numeral.js';

/** What a contract says of a number, by the keywords of JSON Schema. Bounds and values are numerals, so that none is rounded. */
export interface DecimalRules {
  readonly type: 'number' | 'integer';
  readonly minimum?: string | undefined;
  readonly maximum?: string | undefined;
  readonly exclusiveMinimum?: string | undefined;
  readonly exclusiveMaximum?: string | undefined;
  readonly enum?: readonly string[] | undefined;
}

/**
 * Returns the keywords that a value breaks. A number, a {@link Numeral} and the text of a decimal say the same if their
 * exact values are equal: `19.1`, `19.10`, `"19.10"`. A value that is none of them breaks `type` and nothing else.
 */
export function brokenByDecimal(value: unknown, rules: DecimalRules): readonly string[] {
  const decimal = decimalText(value);
  if (decimal === undefined || (rules.type === 'integer' && !isWholeValue(decimal))) return ['type'];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, enum: values } = rules;
  return [
    ...(minimum !== undefined && !(order(decimal, minimum) >= 0) ? ['minimum'] : []),
    ...(maximum !== undefined && !(order(decimal, maximum) <= 0) ? ['maximum'] : []),
    ...(exclusiveMinimum !== undefined && !(order(decimal, exclusiveMinimum) > 0) ? ['exclusiveMinimum'] : []),
    ...(exclusiveMaximum !== undefined && !(order(decimal, exclusiveMaximum) < 0) ? ['exclusiveMaximum'] : []),
    ...(values?.some((one) => order(decimal, one) === 0) === false ? ['enum'] : []),
  ];
}

const DECIMAL_TEXT = /^-?\d+(\.\d+)?$/;

/** Returns the numeral of a number, a {@link Numeral} or the text of a decimal; undefined for any other value. */
export function decimalText(value: unknown): string | undefined {
  if (value instanceof Numeral) return value.source;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return typeof value === 'string' && DECIMAL_TEXT.test(value) ? value : undefined;
}

/** Below zero, zero or above it; NaN if a text is no numeral. */
function order(one: string, other: string): number {
  return compareDecimals(one, other) ?? Number.NaN;
}
