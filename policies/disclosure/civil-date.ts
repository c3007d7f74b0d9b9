import { isCivilDate } from '../../schemas/time/civil-date.js';

/** Returns the value if it is an existing calendar date as the registers write it, `YYYY-MM-DD`, otherwise undefined. */
export function civilDate(value: unknown): string | undefined {
  return typeof value === 'string' && isCivilDate(value) ? value : undefined;
}
