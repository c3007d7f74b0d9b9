import type { LeafShape, LeafType, YamlObject } from '../description.js';
import { ownMember } from '../../../schemas/objects.js';
import type { Keywords } from './schema.js';

const BINARY: TypeAndTransform = { type: 'binary' };
const WHOLE: TypeAndTransform = { type: 'long', transform: { as: 'integer' } };
const DECIMAL: TypeAndTransform = { type: 'decimal', transform: { as: 'decimal' } };

/** Texts of a form that has a type. Any other format is a text. */
const TEXT_FORMATS: Readonly<Record<string, TypeAndTransform>> = {
  date: { type: 'date' },
  'date-time': { type: 'instant' },
  ...{ byte: BINARY, binary: BINARY, base64: BINARY },
  ...{ int32: WHOLE, int64: WHOLE },
  ...{ decimal: DECIMAL, double: DECIMAL, float: DECIMAL, number: DECIMAL },
};

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);

/** Types that JSON writes a value of, by name of the schema. */
const LEAF_TYPES: ReadonlySet<string> = new Set(['string', 'integer', 'number', 'boolean']);

/** Returns the leaf that keywords describe, or undefined if they describe none, or of several types. */
export function leafOf(keywords: Keywords): LeafShape | undefined {
  const type = jsonTypeOf(keywords);
  if (type === undefined) return undefined;
  return { kind: 'leaf', ...typeOf(type, keywords), ...limitsOf(type, keywords) };
}

function jsonTypeOf({ types, enum: values, format, pattern, minLength, maxLength }: Keywords): string | undefined {
  const [type, ...others] = types;
  if (type !== undefined) {
    // A whole number is a number.
    if (others.length > 0) return types.every((one) => one === 'integer' || one === 'number') ? 'number' : undefined;
    return LEAF_TYPES.has(type) ? type : undefined;
  }
  if (values !== undefined) return typeOfValues(values);
  return [format, pattern, minLength, maxLength].some((one) => one !== undefined) ? 'string' : undefined;
}

function typeOfValues(values: readonly unknown[]): string | undefined {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  const [type] = types;
  if (types.size !== 1 || type === undefined) return undefined;
  if (type === 'number')
    return values.every((value) => value === null || Number.isInteger(value)) ? 'integer' : 'number';
  return LEAF_TYPES.has(type) ? type : undefined;
}

interface TypeAndTransform {
  readonly type: LeafType;
  readonly transform?: YamlObject;
}

function typeOf(type: string, keywords: Keywords): TypeAndTransform {
  switch (type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return DECIMAL;
    case 'integer':
      return wholeNumber(keywords);
    default:
      return textType(keywords);
  }
}

function wholeNumber(keywords: Keywords): TypeAndTransform {
  const epoch = epochOf(keywords);
  if (epoch) return { type: 'instant', transform: { as: 'instant', format: epoch } };
  const { format, minimum, maximum, exclusiveMaximum, enum: values } = keywords;
  const isBounded =
    ((maximum !== undefined && maximum <= INT_MAX) ||
      (exclusiveMaximum !== undefined && exclusiveMaximum <= INT_MAX)) &&
    (minimum ?? keywords.exclusiveMinimum ?? -Infinity) >= INT_MIN;
  const isSmall = format === 'int32' || format === 'int16' || format === 'int8' || isBounded || values !== undefined;
  return isSmall ? { type: 'integer' } : WHOLE;
}

/** Returns how a number counts from 1970, if the document says so in words. */
function epochOf({ description = '', format = '' }: Keywords): 'epoch_ms' | 'epoch_s' | undefined {
  const text = `${format} ${description}`;
  if (!/\b(epoch|unix)\b/i.test(text)) return undefined;
  if (/\bmilli-?seconds?\b|\bmillis\b|\bms\b/i.test(text)) return 'epoch_ms';
  return /\bseconds?\b|\bsecs?\b/i.test(text) ? 'epoch_s' : undefined;
}

function textType(keywords: Keywords): TypeAndTransform {
  const { format, pattern } = keywords;
  const known = format === undefined ? undefined : ownMember(TEXT_FORMATS, format);
  if (known) return known;
  const written = pattern === undefined ? dateFormatOf(keywords) : undefined;
  return written === undefined ? { type: 'text' } : { type: 'date', transform: { as: 'date', format: written } };
}

/**
 * Returns the form of a date, if the description or format is nothing but that form: `dd.MM.yyyy`. Anything more may mean
 * something else.
 */
function dateFormatOf({ description, format }: Keywords): string | undefined {
  for (const text of [format, description]) {
    const form = /^\s*(?:format\s*:?\s*)?["'`]?([dDmMyY./\- ]{8,10})["'`]?\s*$/i.exec(text ?? '')?.[1];
    const written = form?.replace(/D/g, 'd').replace(/m/g, 'M').replace(/Y/g, 'y');
    if (written !== undefined && /^(dd([./-]?)MM\2yyyy|yyyy([./-]?)MM\3dd|MM([./-])dd\4yyyy)$/.test(written))
      return written;
  }
  return undefined;
}

function limitsOf(type: string, keywords: Keywords): Omit<LeafShape, 'kind' | 'type' | 'transform'> {
  const values = keywords.enum?.filter((value) => value !== null).map(String);
  const codes = values && values.length > 0 && type !== 'boolean' ? { enum: values } : {};
  if (type === 'string') {
    const { pattern, minLength, maxLength } = keywords;
    return given({ ...codes, pattern, minLength, maxLength });
  }
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = keywords;
  const bounds = { minimum, maximum, exclusiveMinimum, exclusiveMaximum };
  return given({
    ...codes,
    ...Object.fromEntries(Object.entries(bounds).map(([name, bound]) => [name, exactText(bound)])),
  });
}

/** A bound beyond the numbers that a double counts one by one was rounded when the document was read. */
function exactText(bound: number | undefined): string | undefined {
  return bound === undefined || Math.abs(bound) > Number.MAX_SAFE_INTEGER ? undefined : String(bound);
}

function given<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
