import { ASSURANCES, type Assurance } from './vocabulary.js';

/** The levels that can be demanded of an authentication: every one but `none`. */
export const DEMANDED_ASSURANCES = ['low', 'substantial', 'high'] as const satisfies readonly Assurance[];

/** Returns whether one level of assurance is as strong as another, or stronger. */
export function isAtLeast(assurance: Assurance, least: Assurance): boolean {
  return ASSURANCES.indexOf(assurance) >= ASSURANCES.indexOf(least);
}
