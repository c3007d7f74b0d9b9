import { getVariableValues, type GraphQLSchema, type VariableDefinitionNode } from 'graphql';
import { Refusal } from '../../schemas/refusal.js';
import type { PlannedDocument } from './plan.js';

/**
 * Coerces variables (GraphQL spec, section 6.1.2). A refusal names the variables that are off, as
 * the document declares them, and never a value: graphql-js' own messages quote it.
 */
export function coerceVariables(
  schema: GraphQLSchema,
  { operation }: Pick<PlannedDocument, 'operation'>,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const definitions = operation.variableDefinitions ?? [];
  const coerced = getVariableValues(schema, definitions, values, { maxErrors: 50 });
  if (coerced.errors === undefined) return coerced.coerced;
  throw new Refusal('BAD_USER_INPUT', {
    reasons: definitions
      .filter((definition) => isOff(schema, definition, values))
      .map(({ variable }) => reasonOf(variable.name.value)),
  });
}

function isOff(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): boolean {
  return getVariableValues(schema, [definition], values, { maxErrors: 1 }).errors !== undefined;
}

/** Reasons stand in the log; a number could hide in a name that the client chose. */
function reasonOf(name: string): string {
  return /[0-9]{9}/.test(name) ? 'variable' : name;
}
