import { Refusal } from '../../../schemas/refusal.js';
import type { PlannedDocument } from '../../planning/plan.js';

/**
 * Returns the people that the question names, each once. Refuses a governed root field that names no
 * one: neither a nexus nor a consent can be looked up for it.
 */
export function namedSubjectsOf(
  planned: PlannedDocument,
  variables: Readonly<Record<string, unknown>>,
): readonly string[] {
  const subjects = planned.rootSubjects.map(({ source, field }) => {
    if (source === undefined) throw new Refusal('POLICY_DENIED', { reasons: ['no_subject'], paths: [[field]] });
    const value = variables[source.variable];
    if (typeof value !== 'string') throw new Refusal('BAD_USER_INPUT', { reasons: [source.variable] });
    return value;
  });
  return [...new Set(subjects)];
}
