import type { CategoryAccess } from '../../schemas/ports/gate.js';
import type { CategoryDecision } from '../decision/port.js';
import { canBeOpened, type SubjectFacts } from './fulfilled-permission.js';

/** Whether a question can be answered for the people that it names. */
export interface NamedSubjectsDecision {
  readonly denied: boolean;
  /** `nexus`: one of them has no nexus. `policy`: one of them has a nexus, but none that a rule accepts. */
  readonly reasons: readonly ('nexus' | 'policy')[];
  /** What stays closed about one of them, whether they consent or not. */
  readonly categories: readonly CategoryAccess[];
}

/**
 * Denies the question when, for one of the people that it names, one of these categories is neither
 * open by law nor can be opened by their consent. Such a question cannot be answered, so no register
 * is called for it.
 *
 * Categories without any permission are left out: they are denied for every subject, or withheld.
 */
export function checkNamedSubjects(
  decisions: Iterable<CategoryDecision>,
  subjects: readonly SubjectFacts[],
  mayUseConsent: boolean,
): NamedSubjectsDecision {
  const permitted = [...decisions].filter(({ permissions }) => permissions.length > 0);
  const isClosed = (decision: CategoryDecision, facts: SubjectFacts): boolean =>
    !canBeOpened(decision, facts, mayUseConsent);
  const closed = permitted.filter((decision) => subjects.some((facts) => isClosed(decision, facts)));
  const deniedSubjects = subjects.filter((facts) => closed.some((decision) => isClosed(decision, facts)));
  return {
    denied: closed.length > 0,
    reasons: [
      ...new Set(deniedSubjects.map(({ nexus }) => (nexus.length === 0 ? ('nexus' as const) : ('policy' as const)))),
    ].sort(),
    categories: closed.map(({ category, access }) => ({ category, access })),
  };
}
