import type { MappingOutline } from '../../mapping/check/outline.js';
import { outlineOfRecords } from '../../rest/outline.js';
import { askedIn, questionsIn } from '../../rest/questions.js';
import type { GraphqlSource } from './source.js';

/**
 * Returns what the mapping of a service without federation says of the register's schema; undefined for a federated one,
 * which has no mapping.
 */
export function outlineOfQueries({
  operations = {},
  types,
  roots = {},
  constants,
}: Partial<GraphqlSource>): MappingOutline | undefined {
  if (types === undefined) return undefined;
  const mapping = { types, roots, constants };
  return {
    ...outlineOfRecords({ types, roots }),
    questions: questionsIn(mapping, Object.entries(operations), (name, { variables, batch }) => ({
      isBatch: batch !== undefined && batch.answer !== 'none',
      placeholders: askedIn(variables, ['operations', name, 'variables']),
    })),
  };
}
