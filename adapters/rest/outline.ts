import { outlineOfRoots, outlineOfTypes, type MappingOutline } from '../mapping/check/outline.js';
import { addressedValues } from './addressed-values.js';
import { questionsOf } from './questions.js';
import type { RestSource } from './source.js';

/** Returns what the mapping of records says of the register's schema. */
export function outlineOfRecords({
  operations,
  types = {},
  roots = {},
  constants,
}: Partial<Pick<RestSource, 'operations' | 'types' | 'roots' | 'constants'>>): MappingOutline {
  return {
    types: outlineOfTypes(types),
    roots: outlineOfRoots(roots),
    ...(operations && {
      addressed: addressedValues({ operations, types, roots }),
      questions: questionsOf({ operations, types, roots, constants }),
    }),
    at: { types: ['types'], roots: ['roots'] },
  };
}
