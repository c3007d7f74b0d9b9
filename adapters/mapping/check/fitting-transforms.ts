import { compileChain } from '../transforms/compile-transform.js';
import { TransformInvalid, type TransformSpec } from '../transforms/transform.js';
import { nearestKey } from '../../../schemas/nearest-key.js';
import type { SchemaField, SchemaTypes } from './schema-types.js';

const TEXTS = ['String', 'ID', 'Iin', 'Bin', 'PersonHandle'];
const BIG_INTEGERS = ['BigInt', 'BigInteger', 'Long', 'Int64', 'UInt64'];

/** The types of GraphQL and of the state that a transform can make. Any other scalar takes what its register says. */
const MAKES: Readonly<Record<TransformSpec['as'], readonly string[] | undefined>> = {
  text: [...TEXTS, ...BIG_INTEGERS, 'Decimal', 'LocalDate', 'Instant'],
  digits: TEXTS,
  decimal: ['Decimal', 'Float', 'String'],
  integer: ['Int', 'Float', 'ID', 'Decimal', 'String', ...BIG_INTEGERS],
  boolean: ['Boolean'],
  code: ['String', 'ID'],
  date: ['LocalDate', 'String'],
  instant: ['Instant', 'String'],
  join: ['String', 'ID'],
  // These leave each value as it is.
  trim: undefined,
  split: undefined,
  first: undefined,
};

const KNOWN = new Set([...TEXTS, ...BIG_INTEGERS, 'Decimal', 'Float', 'Int', 'Boolean', 'LocalDate', 'Instant']);

/** What is wrong with the transforms of a field. `step`: the one that is wrong, by position. */
export interface TransformFault {
  readonly step: number;
  readonly option: string;
  readonly message: string;
}

/** Returns why the transforms do not give what the field is. Empty if they do. */
export function unfittingTransforms(
  specs: readonly TransformSpec[],
  field: SchemaField,
  { enums }: Pick<SchemaTypes, 'enums'>,
): readonly TransformFault[] {
  if (specs.length === 0) return [];
  try {
    compileChain(specs, field.type, field.lists > 0);
  } catch (error) {
    if (!(error instanceof TransformInvalid)) throw error;
    return [{ step: specs.length - 1, option: error.option, message: error.message }];
  }
  const step = specs.findLastIndex(({ as }) => MAKES[as] !== undefined);
  const made = specs[step];
  if (made === undefined) return [];
  const values = enums.get(field.type);
  if (made.as === 'code') return codeFaults(made, step, field, values);
  const fits = MAKES[made.as] ?? [];
  if (values === undefined && (!KNOWN.has(field.type) || fits.includes(field.type))) return [];
  return [{ step, option: 'as', message: `gives what no ${field.type} is: ${whatFits(field.type, values)}` }];
}

function whatFits(type: string, values: ReadonlySet<string> | undefined): string {
  if (values !== undefined) return 'write as: code, with codes';
  const fitting = Object.entries(MAKES).flatMap(([as, types]) => (types?.includes(type) ? [as] : []));
  return fitting.length === 0 ? 'remove it' : `write as: ${fitting.join(' or ')}`;
}

function codeFaults(
  { codes = {}, unknown }: TransformSpec,
  step: number,
  field: SchemaField,
  values: ReadonlySet<string> | undefined,
): readonly TransformFault[] {
  const isText = values !== undefined || !KNOWN.has(field.type) || (MAKES.code ?? []).includes(field.type);
  if (!isText)
    return [{ step, option: 'as', message: `gives what no ${field.type} is: ${whatFits(field.type, values)}` }];
  const faults: TransformFault[] = Object.entries(codes).flatMap(([code, value]) => {
    if (typeof value !== 'string' || values === undefined || values.has(value)) return [];
    const nearest = nearestKey(value, [...values]);
    const hint = nearest === undefined ? `write one of ${[...values].join(', ')}` : `did you mean ${nearest}?`;
    return [{ step, option: `codes ${code}`, message: `is no value of ${field.type}: ${hint}` }];
  });
  const canBeNull = unknown === null || Object.values(codes).includes(null);
  if (canBeNull && field.isRequired && field.lists === 0)
    faults.push({ step, option: 'as', message: `makes null of a code, and the field can never be null` });
  return faults;
}
