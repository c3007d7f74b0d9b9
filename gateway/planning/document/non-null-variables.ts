import {
  isNonNullType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

/**
 * Returns the variables of a nullable type that stand where null is not allowed. A document may use them
 * there if the variable, or the argument or input field, has a default (GraphQL spec, section 5.8.5).
 * Validation cannot know whether a request gives null, which is an error (sections 6.4.1 and 3.10).
 *
 * `written`: the operation with every condition. `settled`: the part of it that is executed, because an
 * argument of a skipped field is not coerced.
 */
export function nonNullVariablesIn(
  schema: GraphQLSchema,
  { written, settled }: { readonly written: OperationDefinitionNode; readonly settled: OperationDefinitionNode },
): readonly string[] {
  const nullable = (written.variableDefinitions ?? [])
    .filter(({ type }) => type.kind !== Kind.NON_NULL_TYPE)
    .map(({ variable }) => variable.name.value);
  if (nullable.length === 0) return [];
  const used = new Set([...strictUses(schema, settled), ...conditionUses(written)]);
  return nullable.filter((name) => used.has(name));
}

function strictUses(schema: GraphQLSchema, operation: ASTNode): ReadonlySet<string> {
  const names = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    operation,
    visitWithTypeInfo(types, {
      VariableDefinition: () => false,
      Variable: ({ name }) => {
        if (isNonNullType(types.getInputType())) names.add(name.value);
      },
    }),
  );
  return names;
}

/** `@skip(if:)` and `@include(if:)` take no null. */
function conditionUses(operation: ASTNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(operation, {
    Directive: ({ name, arguments: given = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return names;
}
