import { Numeral } from '../numeral.js';
import { bareObject, isObject } from '../objects.js';
import { SCALAR_TEXTS } from './scalars.js';

/** Stands for a value that is not of its type. */
export const WRONG = Symbol('wrong');

/** A scalar or enum, as values are completed to it: strictly, without coercion (GraphQL spec, section 6.4.3). */
export interface LeafType {
  /** Last part of the id of the rule that a wrong value breaks, see docs/engine.md. */
  readonly rule: string;
  /**
   * Returns the value in the form in which it is answered, or {@link WRONG}. A value that needs no other form is
   * returned itself. Must not be called with null or undefined.
   */
  readonly complete: (value: unknown) => unknown;
  /** Returns the source of an expression that is true only for values that are right and need no other form. */
  readonly quickTest?: (variable: string) => string;
}

/** The enums of a schema. */
export interface EnumTypes {
  /** Returns the values of an enum, or undefined for any other type. */
  enumValues(type: string): ReadonlySet<string> | undefined;
}

/** Returns how values of a scalar or enum are completed. A scalar that only its register knows takes any value. */
export function leafTypeOf(name: string, types: EnumTypes): LeafType {
  const values = types.enumValues(name);
  return values ? enumType(values) : (SCALAR_TYPES.get(name) ?? UNKNOWN_SCALAR);
}

/** A double keeps any numeral of this many digits (IEEE 754, binary64). */
const EXACT_DIGITS = 15;

const isText = (variable: string): string => `typeof ${variable} === 'string'`;

const INT: LeafType = {
  rule: 'int',
  complete: (value) => {
    const number = value instanceof Numeral && value.isWhole ? value.exactNumber() : value;
    return typeof number === 'number' && (number | 0) === number ? number : WRONG;
  },
  quickTest: (variable) => `typeof ${variable} === 'number' && (${variable} | 0) === ${variable}`,
};

const FLOAT: LeafType = {
  rule: 'float',
  complete: (value) => {
    const number = value instanceof Numeral ? value.exactNumber() : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : WRONG;
  },
  quickTest: (variable) => `typeof ${variable} === 'number' && ${variable} - ${variable} === 0`,
};

const BOOLEAN: LeafType = {
  rule: 'boolean',
  complete: (value) => (typeof value === 'boolean' ? value : WRONG),
  quickTest: (variable) => `typeof ${variable} === 'boolean'`,
};

const STRING: LeafType = {
  rule: 'string',
  complete: (value) => (typeof value === 'string' ? value : WRONG),
  quickTest: isText,
};

const ID: LeafType = {
  rule: 'id',
  complete: (value) => {
    if (typeof value === 'string') return value;
    const text = numeralText(value);
    return text !== undefined && isWhole(text) ? text : WRONG;
  },
  quickTest: isText,
};

/** Decimals and whole numbers of any size, as texts. A numeral becomes its own text. */
function numeralType(rule: string, accepts: (text: string) => boolean): LeafType {
  return {
    rule,
    complete: (value) => {
      const text = typeof value === 'string' ? value : numeralText(value);
      return text !== undefined && accepts(text) ? text : WRONG;
    },
  };
}

function textType(rule: string, accepts: (text: string) => boolean): LeafType {
  return { rule, complete: (value) => (typeof value === 'string' && accepts(value) ? value : WRONG) };
}

function enumType(values: ReadonlySet<unknown>): LeafType {
  return { rule: 'enum', complete: (value) => (values.has(value) ? value : WRONG) };
}

/** Names that registers commonly give to whole numbers beyond 32 bits. */
const BIG_INTEGERS = ['BigInt', 'BigInteger', 'Long', 'Int64', 'UInt64'];

const SCALAR_TYPES: ReadonlyMap<string, LeafType> = new Map([
  ...[...SCALAR_TEXTS].map(([name, accepts]) => [name, textType(kebab(name), accepts)] as const),
  ['Int', INT],
  ['Float', FLOAT],
  ['Boolean', BOOLEAN],
  ['String', STRING],
  ['ID', ID],
  ['Decimal', numeralType('decimal', SCALAR_TEXTS.get('Decimal') ?? isWhole)],
  ...BIG_INTEGERS.map((name) => [name, numeralType('big-integer', isWhole)] as const),
]);

const UNKNOWN_SCALAR: LeafType = {
  rule: 'scalar',
  complete: withoutNumerals,
  quickTest: (variable) => `typeof ${variable} !== 'object'`,
};

function isWhole(text: string): boolean {
  return /^-?\d+$/.test(text);
}

/**
 * Returns a numeral as text. Returns undefined for other values, and for a number with more digits than a double
 * keeps, because it may have been rounded before it came here.
 */
function numeralText(value: unknown): string | undefined {
  if (value instanceof Numeral) return value.source;
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const text = String(value);
  return Number.isSafeInteger(value) || significantDigits(text) <= EXACT_DIGITS ? text : undefined;
}

function significantDigits(numeral: string): number {
  const [mantissa = ''] = numeral.split('e');
  return mantissa.replace(/[-.]/g, '').replace(/^0+/, '').length;
}

/** Returns a value of any JSON in which each {@link Numeral} is a number, or a text if a number would not be exact. */
function withoutNumerals(value: unknown): unknown {
  return holdsNumeral(value) ? exactCopy(value) : value;
}

function holdsNumeral(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Numeral || Object.values(value).some(holdsNumeral);
}

function exactCopy(value: unknown): unknown {
  if (value instanceof Numeral) return value.exactNumber() ?? value.source;
  if (Array.isArray(value)) return value.map(exactCopy);
  if (!isObject(value)) return value;
  const copy = bareObject();
  for (const [key, item] of Object.entries(value)) copy[key] = exactCopy(item);
  return copy;
}

/** `LocalDate` becomes `local-date`. */
function kebab(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
