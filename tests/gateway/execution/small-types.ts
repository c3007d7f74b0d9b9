import { buildSchema } from 'graphql';
import { supergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';

/** A supergraph small enough to reason about. */
export const SMALL = supergraphTypes(
  buildSchema(`
    type Query { node: Node nodes: [[Node!]] any: Any }
    type Mutation { change: Int }
    interface Node { id: ID }
    type Doc implements Node { id: ID title: String address: Address }
    type Card implements Node { id: ID number: Int }
    type Address { kato: String street: String }
    union Any = Doc | Card
  `),
);
