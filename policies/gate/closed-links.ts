import type { CategoryAccess, LinkQuestion, SubjectRef } from '../../schemas/ports/gate.js';
import type { CategoryDecision } from '../decision/port.js';
import { categoryAccessKey } from './category-decisions.js';
import { canBeOpened, type SubjectFacts } from './fulfilled-permission.js';

/** Any age: no one knows yet who is behind a link. */
const AGES = ['minor', 'adult'] as const;

/**
 * Returns the categories that can be granted of no one that a link leads to: no rule opens them by law on the nexus that
 * the link gives, nor by consent. It depends on nothing that a register holds.
 */
export function closedBeyond(
  { categories }: LinkQuestion,
  facts: Omit<SubjectFacts, 'age'>,
  { decisions, mayUseConsent }: { decisions: ReadonlyMap<string, CategoryDecision>; mayUseConsent: boolean },
): ReadonlySet<string> {
  const isClosed = (asked: CategoryAccess): boolean => {
    const decision = decisions.get(categoryAccessKey(asked));
    return decision === undefined || !AGES.some((age) => canBeOpened(decision, { ...facts, age }, mayUseConsent));
  };
  return new Set(categories.filter(isClosed).map(({ category }) => category));
}

/** Stands for the people that a link leads to. No one has this number. */
export function anyoneBehind({ role }: LinkQuestion, via: SubjectRef): SubjectRef {
  return { id: '', role, via };
}
