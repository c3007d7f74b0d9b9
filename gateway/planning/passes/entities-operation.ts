import {
  Kind,
  visit,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type VariableDefinitionNode,
} from 'graphql';

/** Names of one list of entities in an operation. */
export interface ListName {
  /** Response key of its `_entities` field. */
  readonly alias: string;
  /** Name of its representations variable. */
  readonly variable: string;
}

/** Returns the field `_entities` with these selections (Federation 2, subgraph specification). */
export function entitiesField({ alias, variable }: ListName, selections: readonly SelectionNode[]): FieldNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  return {
    kind: Kind.FIELD,
    name: name('_entities'),
    ...(alias === '_entities' ? {} : { alias: name(alias) }),
    arguments: [
      { kind: Kind.ARGUMENT, name: name('representations'), value: { kind: Kind.VARIABLE, name: name(variable) } },
    ],
    selectionSet: { kind: Kind.SELECTION_SET, selections: [...selections] },
  };
}

/** Returns the variable definition `$name: [_Any!]!` (Federation 2, subgraph specification). */
export function representationsDefinition(variable: string): VariableDefinitionNode {
  const any = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: '_Any' } } as const;
  const list = { kind: Kind.LIST_TYPE, type: { kind: Kind.NON_NULL_TYPE, type: any } } as const;
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variable } },
    type: { kind: Kind.NON_NULL_TYPE, type: list },
  };
}

/** Returns the operation with definitions for exactly the variables that its selections use, taken from its own definitions and from `known`. If both have one, the one of `known` counts. */
export function withUsedVariables(
  operation: OperationDefinitionNode,
  known: readonly VariableDefinitionNode[],
): OperationDefinitionNode {
  const used = new Set<string>();
  visit(operation.selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  const all = [...(operation.variableDefinitions ?? []), ...known];
  const byName = new Map(all.map((definition) => [definition.variable.name.value, definition]));
  return {
    ...operation,
    variableDefinitions: [...byName.values()].filter(({ variable }) => used.has(variable.name.value)),
  };
}
