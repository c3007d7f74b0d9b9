import { Numeral } from '../../../schemas/numeral.js';
import type { DataObject } from '../data/data-object.js';
import { concreteType, type ReadSelection } from '../reads/read-field.js';

/** What an object of a register's answer says of a dwelling. `untold`: it is or tells one, and its code is missing. */
export type ToldDwelling = { readonly kind: 'none' } | { readonly kind: 'untold' } | ToldCode;

interface ToldCode {
  readonly kind: 'code';
  readonly code: string;
}

const NONE = { kind: 'none' } as const;
const UNTOLD = { kind: 'untold' } as const;

/** Returns which dwelling an object tells. `type`: what the object is, if it does not state its type. */
export function dwellingToldBy(object: DataObject, selection: ReadSelection, type?: string): ToldDwelling {
  const { dwelling } = selection;
  if (dwelling.size === 0) return NONE;
  const concrete = concreteType(object, selection) ?? type;
  if (concrete === undefined) return UNTOLD;
  const key = dwelling.get(concrete);
  if (key === undefined) return NONE;
  const code = codeIn(object[key]);
  return code === undefined ? UNTOLD : { kind: 'code', code };
}

/** Returns a code as text. Codes are compared as texts, so that a register may also hold them as whole numbers. */
function codeIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return value instanceof Numeral && value.isWhole ? value.source : undefined;
}
