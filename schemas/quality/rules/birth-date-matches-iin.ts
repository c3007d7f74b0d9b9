import { birthDateOf } from '../../identifiers/iin.js';
import { fieldArgument, textOf, type Rule } from './rule.js';

/** The birth date in `date` is the one that the number in `iin` states (Decree No. 565 of 2003: digits 1 to 7). */
export const birthDateMatchesIin: Rule = {
  inputs: (use) => [fieldArgument(use, 'date'), fieldArgument(use, 'iin')],
  holds: (record, use) =>
    birthDateOf(textOf(record, fieldArgument(use, 'iin'))) === textOf(record, fieldArgument(use, 'date')),
};
