import type { CategoryAccess } from '../../../schemas/ports/gate.js';
import type { FootprintEntry } from '../../planning/plan.js';

/** The same of what is read of persons whom the question names, and not only of those whom links lead to. */
export function neededOfNamed(footprint: readonly FootprintEntry[]): readonly CategoryAccess[] {
  return neededAccess(footprint.filter(({ ofNamed }) => ofNamed));
}

/** Each category and access that the plan needs, once, in order of first appearance. */
export function neededAccess(footprint: readonly FootprintEntry[]): readonly CategoryAccess[] {
  const needed = new Map<string, CategoryAccess>();
  for (const { category, access } of footprint) needed.set(`${access} ${category}`, { category, access });
  return [...needed.values()];
}
