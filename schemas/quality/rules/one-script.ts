import { fieldArgument, textOf, type Rule } from './rule.js';

const CYRILLIC = /\p{Script=Cyrillic}/u;
const LATIN = /\p{Script=Latin}/u;

/** The text in `field` does not mix Cyrillic and Latin letters: look-alikes break every search by name (Unicode TR 39, section 5.1). */
export const oneScript: Rule = {
  inputs: (use) => [fieldArgument(use, 'field')],
  holds: (record, use) => {
    const text = textOf(record, fieldArgument(use, 'field'));
    return !(CYRILLIC.test(text) && LATIN.test(text));
  },
};
