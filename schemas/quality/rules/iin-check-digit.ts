import { isIin } from '../../identifiers/iin.js';
import { fieldArgument, textOf, type Rule } from './rule.js';

/** `field` is an individual identification number: a date that exists and a right check digit (Decree No. 565 of 2003). */
export const iinCheckDigit: Rule = {
  inputs: (use) => [fieldArgument(use, 'field')],
  holds: (record, use) => isIin(textOf(record, fieldArgument(use, 'field'))),
};
