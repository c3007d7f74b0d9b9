import { checkDigit } from './iin.js';

/**
 * The business identification number of Kazakhstan (BIN): year and month of registration, kind of
 * organisation, feature, serial, check digit. Source: Government Decree No. 565 of 2003.
 *
 * True for twelve ASCII digits with a month that exists and a right check digit.
 */
export function isBin(text: string): boolean {
  return /^[0-9]{2}(0[1-9]|1[0-2])[0-9]{8}$/.test(text) && checkDigit(text) === Number(text[11]);
}
