import { Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/**
 * False for an operation that asks nothing but `__typename` or about the schema, or nothing at all: the
 * planner would make a call for the one, and fail on the others. Fragments must be inlined, and conditions
 * settled.
 */
export function needsRegisters({ selectionSet }: Pick<OperationDefinitionNode, 'selectionSet'>): boolean {
  return asks(selectionSet);
}

function asks({ selections }: SelectionSetNode): boolean {
  return selections.some((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return asks(selection.selectionSet);
    return !selection.name.value.startsWith('__');
  });
}
