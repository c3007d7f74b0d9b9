import type { RegisterDescription } from '../description.js';
import { DocumentFault, type DescriptionReader } from '../reader.js';
import { readSchema } from './document.js';
import { operationOf, refusedOperation } from './operations.js';

/** Root fields of a subgraph that its router uses. */
const FEDERATION: ReadonlySet<string> = new Set(['_entities', '_service']);

/** Describes a GraphQL service without federation from its SDL, or from the JSON of an introspection query. */
export const graphqlReader: DescriptionReader = {
  kind: 'graphql',
  read: ({ document, personal, constants, depth }): RegisterDescription => {
    const schema = readSchema(document);
    const query = schema.getQueryType();
    if (!query) throw new DocumentFault('#', 'has no query type, so that nothing can be read');
    const roots = Object.values(query.getFields()).filter(({ name }) => !FEDERATION.has(name));
    const changing = [schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      type ? Object.keys(type.getFields()).map((name) => refusedOperation(type.name, name)) : [],
    );
    return {
      source: { protocol: 'graphql' },
      settings: { protocol: 'graphql', url: 'https://ADDRESS' },
      operations: [
        ...roots.map((field) => operationOf(query.name, field, { schema, depth, personal, constants })),
        ...changing,
      ],
      said: [],
    };
  },
};
