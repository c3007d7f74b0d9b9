import { compareDecimals } from '../../numeral.js';
import { fieldArgument, textOf, type Rule } from './rule.js';

/** The decimal in `field` is above zero. */
export const aboveZero: Rule = {
  inputs: (use) => [fieldArgument(use, 'field')],
  holds: (record, use) => (compareDecimals(textOf(record, fieldArgument(use, 'field')), '0') ?? 0) > 0,
};
