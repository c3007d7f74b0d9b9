import type { CategoryAccess } from '../../schemas/ports/gate.js';
import type { CategoryDecision } from '../decision/port.js';

/** Returns the key of a category together with an access. */
export function categoryAccessKey({ category, access }: CategoryAccess): string {
  return `${access} ${category}`;
}

/** The decisions of an operation without any permission: these categories are denied for every subject. */
export function deniedCategories(decisions: Iterable<CategoryDecision>): readonly CategoryDecision[] {
  return [...decisions].filter(({ permissions }) => permissions.length === 0);
}
