import type { RegisterDescription } from '../description.js';
import { DocumentFault, type DescriptionReader } from '../reader.js';
import { judgeCommand } from '../effect/judge-reading.js';
import { readSchema } from './document.js';
import { operationOf, refusedOperation } from './operations.js';

/** Root fields of a subgraph that its router uses. */
const FEDERATION: ReadonlySet<string> = new Set(['_entities', '_service']);

const NOT_QUERY = 'it changes data or subscribes to it, and registers are read';

/** Describes a GraphQL service without federation from its SDL, or from the JSON of an introspection query. */
export const graphqlReader: DescriptionReader = {
  kind: 'graphql',
  read: ({ document, personal, constants, depth, reading }): RegisterDescription => {
    const schema = readSchema(document);
    const query = schema.getQueryType();
    if (!query) throw new DocumentFault('#', 'has no query type, so that nothing can be read');
    const roots = Object.values(query.getFields()).filter(({ name }) => !FEDERATION.has(name));
    const changing = [schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      type ? Object.keys(type.getFields()).map((name) => refusedOperation(type.name, name, NOT_QUERY)) : [],
    );
    return {
      source: { protocol: 'graphql' },
      settings: { protocol: 'graphql', url: 'https://ADDRESS' },
      operations: [
        ...roots.map((field) => {
          // A query only reads (GraphQL, section 6.2.1). A name may tell that this one does not.
          const { refused } = reading.has(field.name) ? {} : judgeCommand(field.name, field.name);
          return refused === undefined
            ? operationOf(query.name, field, { schema, depth, personal, constants })
            : refusedOperation(query.name, field.name, refused);
        }),
        ...changing,
      ],
      said: [],
    };
  },
};
