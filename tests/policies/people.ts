import { checkDigit } from '../../schemas/identifiers/iin.js';

/** A number that no one living has: serials from 9000 are never issued. */
function number(firstEleven: string): string {
  return `${firstEleven}${String(checkDigit(firstEleven))}`;
}

/** On the fact date 2026-03-02. */
export const ADULT = number('80010139001');
export const SPOUSE = number('82050549002');
export const CHILD = number('15061059003');
export const STRANGER = number('75112239004');
export const STRANGE_CHILD = number('16022069005');
/** A number that could be issued and never was. */
export const UNKNOWN_NUMBER = number('70123139009');
