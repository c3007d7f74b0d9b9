import { fieldArgument, textOf, type Rule } from './rule.js';

/** `field` is present when `when` has the value `equals`. Null counts as absent, so this is the one rule that sees nulls. */
export const presentWhen: Rule = {
  inputs: (use) => {
    fieldArgument(use, 'equals');
    return [fieldArgument(use, 'field'), fieldArgument(use, 'when')];
  },
  holds: (record, use) =>
    textOf(record, fieldArgument(use, 'when')) !== fieldArgument(use, 'equals') ||
    (record[fieldArgument(use, 'field')] ?? null) !== null,
};
