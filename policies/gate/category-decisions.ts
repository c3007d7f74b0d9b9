import type { CategoryAccess } from '../../schemas/ports/gate.js';
import type { CategoryDecision } from '../decision/port.js';

/** Key of a category under one access. */
export function categoryAccessKey({ category, access }: CategoryAccess): string {
  return `${access} ${category}`;
}

/** The decisions of an operation that leave no way at all: denied whoever the subject is. */
export function deniedCategories(decisions: Iterable<CategoryDecision>): readonly CategoryDecision[] {
  return [...decisions].filter(({ ways }) => ways.length === 0);
}
