import type { Access } from '../../../schemas/vocabulary.js';
import type { FootprintEntry } from '../../planning/plan.js';

/** A category with the access that a plan needs of it. */
export interface NeededAccess {
  readonly category: string;
  readonly access: Access;
}

/** The same of what is read of persons whom the question names, and not only of those whom links lead to. */
export function neededOfNamed(footprint: readonly FootprintEntry[]): readonly NeededAccess[] {
  return neededAccess(footprint.filter(({ ofNamed }) => ofNamed));
}

/** Each category and access that the plan needs, once, in order of first appearance. */
export function neededAccess(footprint: readonly FootprintEntry[]): readonly NeededAccess[] {
  const needed = new Map<string, NeededAccess>();
  for (const { category, access } of footprint) needed.set(`${access} ${category}`, { category, access });
  return [...needed.values()];
}
