import { fieldArgument, textOf, type Rule } from './rule.js';

/** The date in `later` is not before the one in `earlier`. ISO dates compare as texts. */
export const datesInOrder: Rule = {
  inputs: (use) => [fieldArgument(use, 'later'), fieldArgument(use, 'earlier')],
  holds: (record, use) => textOf(record, fieldArgument(use, 'earlier')) <= textOf(record, fieldArgument(use, 'later')),
};
