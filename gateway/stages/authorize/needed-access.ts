import type { Access } from '../../../schemas/vocabulary.js';
import type { FootprintEntry } from '../../planning/plan.js';

/** A category with the access that a plan needs of it. */
export interface NeededAccess {
  readonly category: string;
  readonly access: Access;
}

/** Each category and access that the plan needs, once, in order of first appearance. */
export function neededAccess(footprint: readonly FootprintEntry[]): readonly NeededAccess[] {
  const needed = new Map<string, NeededAccess>();
  for (const { category, access } of footprint) needed.set(`${access} ${category}`, { category, access });
  return [...needed.values()];
}
