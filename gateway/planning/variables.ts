import { getVariableValues, type GraphQLSchema, type VariableDefinitionNode } from 'graphql';
import { textFault } from '../../schemas/caller-texts/text-fault.js';
import { Refusal, type RefusedVariable } from '../../schemas/refusal.js';
import { LEFT_OUT } from './document/logged-names.js';
import type { PlannedDocument } from './plan.js';

/** Variables that a refusal names at most. */
export const MAX_REFUSED = 50;

/** The part of a planned document that says which variables it takes. */
type TakesVariables = Pick<PlannedDocument, 'operation' | 'loggedNames' | 'nonNullVariables'>;

/**
 * Coerces variables (GraphQL spec, section 6.1.2), and does not let a null stand where none is allowed
 * (section 6.4.1). Refuses with `BAD_USER_INPUT`. The refusal names the invalid variables as the document
 * declares them, and never a value; graphql-js' own messages quote it.
 */
export function coerceVariables(
  schema: GraphQLSchema,
  document: TakesVariables,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { operation, loggedNames, nonNullVariables } = document;
  const definitions = operation.variableDefinitions ?? [];
  const { errors, coerced } = getVariableValues(schema, definitions, values, { maxErrors: MAX_REFUSED });
  if (errors === undefined && !nonNullVariables.some((name) => coerced[name] === null)) return coerced;
  throw new Refusal('BAD_USER_INPUT', {
    variables: definitions
      .filter((definition) => isInvalid(schema, definition, { values, nonNullVariables }))
      .slice(0, MAX_REFUSED)
      .map(({ variable }) => refusedVariable(variable.name.value, loggedNames)),
  });
}

function isInvalid(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  {
    values,
    nonNullVariables,
  }: Pick<TakesVariables, 'nonNullVariables'> & { readonly values: Readonly<Record<string, unknown>> },
): boolean {
  const name = definition.variable.name.value;
  const { errors, coerced } = getVariableValues(schema, [definition], values, { maxErrors: 1 });
  return errors !== undefined || (coerced[name] === null && nonNullVariables.includes(name));
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
