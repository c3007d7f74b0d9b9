import { getVariableValues, type GraphQLSchema, type VariableDefinitionNode } from 'graphql';
import { textFault } from '../../schemas/caller-texts/text-fault.js';
import { Refusal, type RefusedVariable } from '../../schemas/refusal.js';
import { LEFT_OUT } from './document/logged-names.js';
import type { PlannedDocument } from './plan.js';

/** Variables that a refusal names at most. */
export const MAX_REFUSED = 50;

/**
 * Coerces variables (GraphQL spec, section 6.1.2). Refuses with `BAD_USER_INPUT`. The refusal names the
 * invalid variables as the document declares them, and never a value; graphql-js' own messages quote it.
 */
export function coerceVariables(
  schema: GraphQLSchema,
  { operation, loggedNames }: Pick<PlannedDocument, 'operation' | 'loggedNames'>,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const definitions = operation.variableDefinitions ?? [];
  const coerced = getVariableValues(schema, definitions, values, { maxErrors: MAX_REFUSED });
  if (coerced.errors === undefined) return coerced.coerced;
  throw new Refusal('BAD_USER_INPUT', {
    variables: definitions
      .filter((definition) => isInvalid(schema, definition, values))
      .slice(0, MAX_REFUSED)
      .map(({ variable }) => refusedVariable(variable.name.value, loggedNames)),
  });
}

function isInvalid(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): boolean {
  return getVariableValues(schema, [definition], values, { maxErrors: 1 }).errors !== undefined;
}

/** Returns a variable as a refusal names it. A client could hide a person's number in a name; such a name is not repeated. */
export function refusedVariable(
  name: string,
  { variables }: Pick<PlannedDocument['loggedNames'], 'variables'>,
): RefusedVariable {
  return {
    written: textFault(name) === undefined ? name : LEFT_OUT,
    logged: variables.get(name) ?? LEFT_OUT,
  };
}
