import type { CategoryAccess } from '../../schemas/ports/gate.js';
import type { CategoryDecision } from '../decision/port.js';

/** Key of a category under one access. */
export function categoryAccessKey({ category, access }: CategoryAccess): string {
  return `${access} ${category}`;
}

/** The decisions of an operation without any permission: these categories are denied for every subject. */
export function deniedCategories(decisions: Iterable<CategoryDecision>): readonly CategoryDecision[] {
  return [...decisions].filter(({ permissions }) => permissions.length === 0);
}
