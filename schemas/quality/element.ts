import { compareDecimals } from '../numeral.js';
import type { ContractElement } from './contract.js';
import { linearPattern } from './linear-pattern.js';

/** Whether an element holds a single value: no object and no list. */
export function isLeaf({ logicalType, properties, items }: ContractElement): boolean {
  return logicalType !== 'object' && logicalType !== 'array' && properties === undefined && items === undefined;
}

/** Whether the values of an element are numbers, judged by their exact value. */
export function isNumber({ logicalType }: ContractElement): boolean {
  return logicalType === 'number' || logicalType === 'decimal' || logicalType === 'integer';
}

/** Returns why the type of an element is not evaluated; undefined if it is. */
export function whyNotType(element: ContractElement): string | undefined {
  if (!isLeaf(element)) return 'the GraphQL schema says what is an object or a list';
  return element.logicalType === 'time' ? 'Tereze has no type for a time of day' : undefined;
}

/** Returns why an option of an element's type is not evaluated; undefined if it is. */
export function whyNotOption(element: ContractElement, option: string): string | undefined {
  const value = element.logicalTypeOptions?.[option];
  const ofText = element.logicalType === 'string';
  if (option === 'pattern' && ofText && typeof value === 'string') {
    const pattern = linearPattern(value);
    return 'notEvaluated' in pattern ? pattern.notEvaluated : undefined;
  }
  if (option === 'minLength' || option === 'maxLength')
    return ofText && Number.isSafeInteger(value) ? undefined : NOT_JUDGED;
  if (BOUNDS.some((bound) => bound === option) && (ofText || isNumber(element)))
    return boundOf(element, option as Bound) === undefined ? 'it is no bound' : undefined;
  return NOT_JUDGED;
}

const NOT_JUDGED = 'Tereze does not judge by it';

/** Options that are about the bound of the same side: v3.0 writes `exclusiveMinimum: true` beside `minimum`. */
const INCLUSIVE = { exclusiveMinimum: 'minimum', exclusiveMaximum: 'maximum' } as const;

export const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const;
export type Bound = (typeof BOUNDS)[number];

/** Returns the numeral of a bound; undefined if the element has none that is a number. */
export function boundOf({ logicalTypeOptions = {} }: ContractElement, bound: Bound): string | undefined {
  const stated = logicalTypeOptions[bound];
  const isFlag = stated === true && (bound === 'exclusiveMinimum' || bound === 'exclusiveMaximum');
  const value = isFlag ? logicalTypeOptions[INCLUSIVE[bound]] : stated;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  return compareDecimals(String(value), '0') === undefined ? undefined : String(value);
}
