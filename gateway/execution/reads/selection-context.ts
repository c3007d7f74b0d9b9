import type { Truths } from './conditions.js';
import type { FieldGovernance } from './field-governance.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';

/** What the selections of one register in one document are compiled with. */
export interface SelectionContext {
  readonly register: string;
  readonly types: SupergraphTypes;
  readonly governance: FieldGovernance;
  readonly truths: Truths;
}

/** Which person the objects of a selection are about, in comparison with what encloses them. */
export type Aboutness =
  { readonly kind: 'same' } | { readonly kind: 'named' } | { readonly kind: 'linked'; readonly field: string };

/** The type of what `_entities` gives: any object of the register that has a key (Federation 2, subgraph specification). */
export const ENTITY_TYPE = '_Entity';

/** What governs nothing. */
export const UNGOVERNED = {
  category: undefined,
  access: 'read',
  link: undefined,
  derivation: undefined,
  bound: undefined,
} as const;
