import { Refusal } from '../../../schemas/refusal.js';
import type { PlannedDocument } from '../../planning/plan.js';
import { refusedVariable } from '../../planning/variables.js';

/**
 * Returns the people that the question names, each once. Root fields without a subject argument name no one. Refuses a
 * question that leaves out the value of a subject argument: neither a nexus nor a consent can be looked up for it.
 */
export function namedSubjectsOf(
  planned: PlannedDocument,
  variables: Readonly<Record<string, unknown>>,
): readonly string[] {
  const subjects = planned.rootSubjects.flatMap(({ source, field, form }) => {
    if (form === undefined) return [];
    if (source === undefined)
      throw new Refusal('POLICY_DENIED', {
        reasons: ['no_subject'],
        paths: [[field]],
        categories: categoriesBelow(planned, field),
      });
    const value = variables[source.variable];
    if (typeof value !== 'string')
      throw new Refusal('BAD_USER_INPUT', { variables: [refusedVariable(source.variable, planned.loggedNames)] });
    return value;
  });
  return [...new Set(subjects)];
}

/** Returns the categories that the plan reads for the client's field of this name. */
function categoriesBelow({ footprint }: PlannedDocument, field: string): readonly string[] {
  const isBelow = (path: string): boolean => path === field || path.startsWith(`${field}.`);
  return [...new Set(footprint.filter(({ clientPaths }) => clientPaths.some(isBelow)).map(({ category }) => category))];
}
