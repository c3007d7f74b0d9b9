import { fieldArgument, textOf, type Rule } from './rule.js';

/** The share in `field` is a fraction above nothing and not above the whole: `1/1`, `1/2`. */
export const shareAtMostWhole: Rule = {
  inputs: (use) => [fieldArgument(use, 'field')],
  holds: (record, use) => {
    const [part, whole] =
      /^(\d{1,6})\/(\d{1,6})$/
        .exec(textOf(record, fieldArgument(use, 'field')))
        ?.slice(1)
        .map(Number) ?? [];
    return part !== undefined && whole !== undefined && part > 0 && part <= whole;
  },
};
