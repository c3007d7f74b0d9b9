import { buildASTSchema, parse } from 'graphql';
import type { Catalogue, GovernanceIndex } from '../../../schemas/catalogue/governance.js';
import { supergraphTypes, type SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import { keyFields, requiredFields, type KeyFields, type RequiredFields } from './join-directives.js';

/** What it takes to say what a plan reads. */
export interface FootprintDependencies {
  readonly governance: GovernanceIndex;
  readonly types: SupergraphTypes;
  readonly requires: RequiredFields;
  readonly keys: KeyFields;
}

/** Reads them from a catalogue: the supergraph is parsed once for all documents. */
export function footprintDependencies({
  supergraphSdl,
  governance,
}: Pick<Catalogue, 'supergraphSdl' | 'governance'>): FootprintDependencies {
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const types = supergraphTypes(buildASTSchema(supergraph, { assumeValid: true, assumeValidSDL: true }));
  return { governance, types, requires: requiredFields(supergraph), keys: keyFields(supergraph) };
}
