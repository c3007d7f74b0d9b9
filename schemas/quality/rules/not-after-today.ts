import { fieldArgument, textOf, type Rule } from './rule.js';

/** The date, or the year, in `field` is not after today's (fact time). */
export const notAfterToday: Rule = {
  inputs: (use) => [fieldArgument(use, 'field')],
  holds: (record, use, { factDate }) => {
    const value = textOf(record, fieldArgument(use, 'field'));
    return value <= factDate.slice(0, value.length);
  },
};
