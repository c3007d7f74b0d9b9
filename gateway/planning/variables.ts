import { getVariableValues, type GraphQLSchema, type VariableDefinitionNode } from 'graphql';
import { Refusal } from '../../schemas/refusal.js';
import type { PlannedDocument } from './plan.js';

/**
 * Coerces variables (GraphQL spec, section 6.1.2). Refuses with `BAD_USER_INPUT`. The refusal names the
 * invalid variables as the document declares them, and never a value; graphql-js' own messages quote it.
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
      .filter((definition) => isInvalid(schema, definition, values))
      .map(({ variable }) => reasonOf(variable.name.value)),
  });
}

function isInvalid(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): boolean {
  return getVariableValues(schema, [definition], values, { maxErrors: 1 }).errors !== undefined;
}

/** Reasons are written to the log. A client could hide a person's number in the name of a variable; such a name is not repeated. */
function reasonOf(name: string): string {
  return /[0-9]{9}/.test(name) ? 'variable' : name;
}
