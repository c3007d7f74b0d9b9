import { compareDecimals } from '../../numeral.js';
import { fieldArgument, textOf, type Rule } from './rule.js';

/** The decimal in `field` is zero or above. */
export const notNegative: Rule = {
  inputs: (use) => [fieldArgument(use, 'field')],
  holds: (record, use) => (compareDecimals(textOf(record, fieldArgument(use, 'field')), '0') ?? -1) >= 0,
};
