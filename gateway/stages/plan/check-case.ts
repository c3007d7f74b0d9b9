import { holdsNumberOf } from '../../../schemas/caller-texts/identity-numbers.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Case } from '../../../schemas/vocabulary.js';

/** Returns whether a case would put the number of one of these people into the log. */
export function caseNames({ agency, number }: Case, people: readonly string[]): boolean {
  return holdsNumberOf(number, people) || holdsNumberOf(agency, people);
}

/**
 * Refuses a case that holds the number of a person that the request names, also one in the form that its
 * agency declares.
 *
 * @throws Refusal `CASE_NUMBER_INVALID`, reason `person`.
 */
export function checkCase(matter: Case | undefined, people: readonly string[]): void {
  if (matter !== undefined && caseNames(matter, people))
    throw new Refusal('CASE_NUMBER_INVALID', { reasons: ['person'] });
}
