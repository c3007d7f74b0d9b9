import type { Pseudonyms } from '../../schemas/ports/pseudonyms.js';
import { ageGroup } from './derivations/age-group.js';
import { birthYear } from './derivations/birth-year.js';
import { incomeClass } from './derivations/income-class.js';
import { pseudonymOf } from './derivations/pseudonym.js';
import type { Derive } from './port.js';

/** Returns every derivation that `@derived(by:)` may name, by that name. */
export function createDerivations(pseudonyms: Pseudonyms): ReadonlyMap<string, Derive> {
  return new Map<string, Derive>([
    ['birthYear', birthYear],
    ['ageGroup', ageGroup],
    ['incomeClass', incomeClass],
    ['pseudonym', pseudonymOf(pseudonyms)],
  ]);
}
