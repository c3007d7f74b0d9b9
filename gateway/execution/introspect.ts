import { executeSync, Kind, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

/** Answers what an operation asks about the schema, by graphql-js on the public one; throws what validation should have refused. */
export function introspect(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { data, errors } = executeSync({
    schema,
    document: { kind: Kind.DOCUMENT, definitions: [operation] },
    variableValues: variables,
  });
  if (errors !== undefined || data === null || data === undefined)
    throw new Error('introspection failed', { cause: errors?.[0] });
  return data;
}
