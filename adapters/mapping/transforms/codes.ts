import { ownMember } from '../../../schemas/objects.js';
import { CODE_UNKNOWN, ValueFault, VALUE_TYPE } from '../value-fault.js';
import { sourceOf } from './numbers.js';

type Codes = Readonly<Record<string, string | boolean | null>>;

/**
 * Returns how a code is read: a text, a number by its digits, or a boolean by its name. `unknown`: what a code that is
 * not in the list is read as.
 */
export function codeReader(codes: Codes, unknown: ValueFault | null = CODE_UNKNOWN): (value: unknown) => unknown {
  return (value) => {
    if (typeof value === 'object' && Array.isArray(value)) return VALUE_TYPE;
    const code = typeof value === 'string' || typeof value === 'boolean' ? String(value) : sourceOf(value);
    if (code === undefined) return VALUE_TYPE;
    if (code instanceof ValueFault) return code;
    const meant = ownMember(codes, code);
    return meant === undefined ? unknown : meant;
  };
}

/** Reads a boolean, or its name. */
export function readBoolean(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : VALUE_TYPE;
}
