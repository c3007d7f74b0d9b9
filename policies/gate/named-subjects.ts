import type { CategoryAccess } from '../../schemas/ports/gate.js';
import type { CategoryDecision } from '../decision/port.js';
import { consentPermission, statutoryPermission, type SubjectFacts } from './fulfilled-permission.js';

/** Whether the people whom a question names can be reached at all. */
export interface RootsVerdict {
  readonly denied: boolean;
  /** `nexus`: one of them has no nexus. `policy`: one of them has a nexus, but none that a rule accepts. */
  readonly reasons: readonly ('nexus' | 'policy')[];
  /** What stays closed about one of them whatever they consent to. */
  readonly categories: readonly CategoryAccess[];
}

/**
 * Denies when, for one of the people named, a category of the operation is neither open by law nor
 * could be opened by their consent: such a question cannot be answered, so nothing is asked for it.
 * Categories without any permission are left out: they are denied for every subject, or withheld.
 */
export function judgeRoots(
  decisions: Iterable<CategoryDecision>,
  roots: readonly SubjectFacts[],
  mayUseConsent: boolean,
): RootsVerdict {
  const passable = [...decisions].filter(({ permissions }) => permissions.length > 0);
  const isClosed = (decision: CategoryDecision, facts: SubjectFacts): boolean =>
    statutoryPermission(decision, facts) === undefined &&
    !(mayUseConsent && consentPermission(decision, facts) !== undefined);
  const categories = passable.filter((decision) => roots.some((facts) => isClosed(decision, facts)));
  const hindered = roots.filter((facts) => categories.some((decision) => isClosed(decision, facts)));
  return {
    denied: categories.length > 0,
    reasons: [
      ...new Set(hindered.map(({ nexus }) => (nexus.length === 0 ? ('nexus' as const) : ('policy' as const)))),
    ].sort(),
    categories: categories.map(({ category, access }) => ({ category, access })),
  };
}
