import { outlineOfRoots, outlineOfTypes, type MappingOutline } from '../mapping/check/outline.js';
import type { SoapSource } from './source.js';

/** Returns what the mapping says of the register's schema. */
export function outlineOfSoap({ types = {}, roots = {} }: Partial<SoapSource>): MappingOutline {
  return {
    types: outlineOfTypes(types),
    roots: outlineOfRoots(roots),
    at: { types: ['types'], roots: ['roots'] },
  };
}
