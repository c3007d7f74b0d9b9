import { outlineOfRoots, outlineOfTypes, type MappingOutline } from '../../mapping/check/outline.js';
import { questionsOfSoap } from './questions.js';
import type { SoapSource } from '../source/source.js';

/** Returns what the mapping says of the register's schema. */
export function outlineOfSoap({ operations, ...mapping }: Partial<SoapSource>): MappingOutline {
  const { types = {}, roots = {} } = mapping;
  return {
    types: outlineOfTypes(types),
    roots: outlineOfRoots(roots),
    ...(operations && { questions: questionsOfSoap(operations, mapping) }),
    at: { types: ['types'], roots: ['roots'] },
  };
}
