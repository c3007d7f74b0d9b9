import { isCivilDate } from '../../time/civil-date.js';
import { instantMs } from '../../time/instant.js';
import { fieldArgument, textOf, type Rule, type RuleArguments } from './rule.js';

const DAY_MS = 86_400_000;

/** The record's own time stamp in `field` is at most `days` old (fact time): the contract's freshness. */
export const updatedWithin: Rule = {
  inputs: (use) => {
    days(use);
    return [fieldArgument(use, 'field')];
  },
  holds: (record, use, { factDate }) => {
    const updated = momentOf(textOf(record, fieldArgument(use, 'field')));
    return updated !== undefined && Date.parse(`${factDate}T00:00:00Z`) - updated <= days(use) * DAY_MS;
  },
};

/** A civil date is its first moment in UTC. */
function momentOf(text: string): number | undefined {
  return isCivilDate(text) ? Date.parse(`${text}T00:00:00Z`) : instantMs(text);
}

function days(use: RuleArguments): number {
  const value = use['days'];
  if (typeof value !== 'number') throw new Error('the rule needs the argument "days"');
  return value;
}
