import { Kind, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';

const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type']);

/** An operation split in two: the part that asks about the schema, and the part that asks for data. A part without fields is undefined. */
export interface IntrospectionSplit {
  readonly introspective: OperationDefinitionNode | undefined;
  readonly rest: OperationDefinitionNode | undefined;
}

/** Splits an operation by its root fields, and keeps the conditions around them. Fragments must be inlined. */
export function splitIntrospection(operation: OperationDefinitionNode): IntrospectionSplit {
  const kept = (wanted: boolean): OperationDefinitionNode | undefined => {
    const selections = rootFields(operation.selectionSet, wanted);
    return selections.length === 0
      ? undefined
      : { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  };
  return { introspective: kept(true), rest: kept(false) };
}

function rootFields({ selections }: SelectionSetNode, introspective: boolean): readonly SelectionNode[] {
  return selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD)
      return INTROSPECTION.has(selection.name.value) === introspective ? [selection] : [];
    if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error('fragments must be inlined');
    const inside = rootFields(selection.selectionSet, introspective);
    return inside.length === 0
      ? []
      : [{ ...selection, selectionSet: { kind: Kind.SELECTION_SET, selections: inside } }];
  });
}

/**
 * False for an operation that asks only for `__typename`, only about the schema, or for nothing. For
 * `__typename` the planner would plan a call; on the others it would fail. Fragments must be inlined,
 * and conditions settled.
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
