import {
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Returns the operation with the named fragments of its document inlined. The document must have no fragment cycles. */
export function inlineFragments(document: DocumentNode, operation: OperationDefinitionNode): OperationDefinitionNode {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  return { ...operation, selectionSet: inlineSet(operation.selectionSet, fragments) };
}

function inlineSet(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode {
  return {
    kind: Kind.SELECTION_SET,
    selections: selections.flatMap((selection) => inlineSelection(selection, fragments)),
  };
}

function inlineSelection(
  selection: SelectionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly SelectionNode[] {
  switch (selection.kind) {
    case Kind.FIELD:
      return [
        selection.selectionSet
          ? { ...selection, selectionSet: inlineSet(selection.selectionSet, fragments) }
          : selection,
      ];
    case Kind.INLINE_FRAGMENT:
      return [{ ...selection, selectionSet: inlineSet(selection.selectionSet, fragments) }];
    case Kind.FRAGMENT_SPREAD: {
      const fragment = fragments.get(selection.name.value);
      return fragment ? [asInline(fragment, selection.directives ?? [], fragments)] : [];
    }
  }
}

function asInline(
  fragment: FragmentDefinitionNode,
  directives: readonly DirectiveNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): InlineFragmentNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: fragment.typeCondition,
    directives: [...directives],
    selectionSet: inlineSet(fragment.selectionSet, fragments),
  };
}
