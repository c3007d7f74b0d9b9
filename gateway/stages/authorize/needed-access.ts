import type { CategoryAccess } from '../../../schemas/ports/gate.js';
import type { FootprintEntry } from '../../planning/plan.js';

/** Returns the same, but only for what the plan reads about people that the question names. */
export function neededOfNamed(footprint: readonly FootprintEntry[]): readonly CategoryAccess[] {
  return neededAccess(footprint.filter(({ ofNamed }) => ofNamed));
}

/** Returns the same, but only for what the plan reads below root fields that name no person. */
export function neededOfNoPerson(footprint: readonly FootprintEntry[]): readonly CategoryAccess[] {
  return neededAccess(footprint.filter(({ ofNoPerson }) => ofNoPerson));
}

/** Returns by category the fields of it that the plan reads, as coordinates (`Type.field`). */
export function fieldsRead(footprint: readonly FootprintEntry[]): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, Set<string>>();
  for (const { category, coordinate } of footprint)
    fields.set(category, (fields.get(category) ?? new Set()).add(coordinate));
  return new Map([...fields].map(([category, coordinates]) => [category, [...coordinates].sort()]));
}

/** Returns each category and access that the plan needs, once, in order of first appearance. */
export function neededAccess(footprint: readonly FootprintEntry[]): readonly CategoryAccess[] {
  const needed = new Map<string, CategoryAccess>();
  for (const { category, access } of footprint) needed.set(`${access} ${category}`, { category, access });
  return [...needed.values()];
}
