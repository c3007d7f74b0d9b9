import { sexOf } from '../../identifiers/iin.js';
import { fieldArgument, textOf, type Rule } from './rule.js';

/** The sex in `sex` is the one that the number in `iin` states (Decree No. 565 of 2003: digit 7). */
export const sexMatchesIin: Rule = {
  inputs: (use) => [fieldArgument(use, 'sex'), fieldArgument(use, 'iin')],
  holds: (record, use) =>
    sexOf(textOf(record, fieldArgument(use, 'iin'))) === textOf(record, fieldArgument(use, 'sex')),
};
