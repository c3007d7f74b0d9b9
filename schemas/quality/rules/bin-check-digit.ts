import { isBin } from '../../identifiers/bin.js';
import { fieldArgument, textOf, type Rule } from './rule.js';

/** `field` is a business identification number: a month that exists and a right check digit (Decree No. 565 of 2003). */
export const binCheckDigit: Rule = {
  inputs: (use) => [fieldArgument(use, 'field')],
  holds: (record, use) => isBin(textOf(record, fieldArgument(use, 'field'))),
};
