import { Kind, type DirectiveNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/**
 * False for an operation that asks nothing but `__typename` or about the schema, or nothing at all: the
 * planner would make a call for the one, and fail on the others. Fragments must be inlined.
 */
export function needsRegisters({ selectionSet }: Pick<OperationDefinitionNode, 'selectionSet'>): boolean {
  return asks(selectionSet);
}

function asks({ selections }: SelectionSetNode): boolean {
  return selections.some((selection) => {
    if (isNeverIncluded(selection.directives ?? [])) return false;
    if (selection.kind === Kind.INLINE_FRAGMENT) return asks(selection.selectionSet);
    return !selection.name.value.startsWith('__');
  });
}

/** `@skip(if: true)` or `@include(if: false)`, written out (GraphQL spec, section 3.13). */
function isNeverIncluded(directives: readonly DirectiveNode[]): boolean {
  return directives.some(({ name, arguments: given }) => {
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    return value?.kind === Kind.BOOLEAN && ((name.value === 'skip' && value.value) || (name.value === 'include' && !value.value));
  });
}
