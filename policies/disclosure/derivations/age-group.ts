import { civilDate } from '../civil-date.js';
import type { Derive } from '../port.js';

export type AgeGroup = 'CHILD' | 'SCHOOL_AGE' | 'ADULT' | 'PENSION_AGE';

/** The completed year of life at which each group begins, oldest first. */
const GROUPS: readonly { readonly from: number; readonly group: AgeGroup }[] = [
  { from: 63, group: 'PENSION_AGE' },
  { from: 18, group: 'ADULT' },
  { from: 7, group: 'SCHOOL_AGE' },
  { from: 0, group: 'CHILD' },
];

/**
 * Returns the age group on the fact date, from `birthDate`; null without an existing date, and before
 * birth. A person born on 29 February completes a year on 1 March if the year is not a leap year.
 */
export const ageGroup: Derive = ({ birthDate }, { factDate }) => {
  const born = civilDate(birthDate);
  if (born === undefined) return null;
  const age = completedYears(born, factDate);
  return GROUPS.find(({ from }) => age >= from)?.group ?? null;
};

function completedYears(born: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4));
  return on.slice(5) < born.slice(5) ? years - 1 : years;
}
