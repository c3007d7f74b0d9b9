import { outlineOfRoots, outlineOfTypes, type MappingOutline } from '../mapping/check/outline.js';
import type { RestSource } from './source.js';

/** Returns what the mapping of records says of the register's schema. */
export function outlineOfRecords({
  types = {},
  roots = {},
}: Partial<Pick<RestSource, 'types' | 'roots'>>): MappingOutline {
  return {
    types: outlineOfTypes(types),
    roots: outlineOfRoots(roots),
    at: { types: ['types'], roots: ['roots'] },
  };
}
