import {
  Kind,
  type DirectiveNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ConditionValues } from './condition-values.js';

const NOTHING_KNOWN: ConditionValues = new Map();
const PRESENCE: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * The operation without conditions that are settled where they stand: by a literal, by a condition
 * around them, or by what is known of a request. What can never take part is left out, and what always does is no longer conditional.
 * It answers the same (GraphQL spec, sections 3.13.1 and 3.13.2); planners forget a condition where
 * one below it contradicts it. Fragments must be inlined.
 */
export function settleConditions(
  operation: OperationDefinitionNode,
  values: ConditionValues = NOTHING_KNOWN,
): OperationDefinitionNode {
  return {
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: settleAll(operation.selectionSet, values) },
  };
}

function settleAll({ selections }: SelectionSetNode, known: ConditionValues): readonly SelectionNode[] {
  return selections.flatMap((selection) => settle(selection, known) ?? []);
}

function settle(selection: SelectionNode, known: ConditionValues): SelectionNode | undefined {
  const settled = settleDirectives(selection.directives ?? [], known);
  if (settled === undefined || selection.kind === Kind.FRAGMENT_SPREAD) return undefined;
  const { directives, below } = settled;
  if (selection.selectionSet === undefined) return { ...selection, directives };
  const selections = settleAll(selection.selectionSet, below);
  if (selection.kind === Kind.INLINE_FRAGMENT)
    return selections.length === 0
      ? undefined
      : { ...selection, directives, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  // Whether the object is there must still be asked.
  return {
    ...selection,
    directives,
    selectionSet: { kind: Kind.SELECTION_SET, selections: selections.length === 0 ? [PRESENCE] : selections },
  };
}

interface Settled {
  readonly directives: readonly DirectiveNode[];
  /** What variables must be where the selection takes part. */
  readonly below: ConditionValues;
}

/** The directives that remain open; undefined when the selection can never take part. */
function settleDirectives(directives: readonly DirectiveNode[], known: ConditionValues): Settled | undefined {
  if (directives.length === 0) return { directives, below: known };
  const below = new Map(known);
  const open: DirectiveNode[] = [];
  for (const directive of directives) {
    const name = directive.name.value;
    const condition =
      name === 'skip' || name === 'include'
        ? directive.arguments?.find((argument) => argument.name.value === 'if')?.value
        : undefined;
    const wanted = name === 'include';
    if (condition?.kind === Kind.BOOLEAN) {
      if (condition.value !== wanted) return undefined;
    } else if (condition?.kind === Kind.VARIABLE) {
      const value = below.get(condition.name.value);
      if (value === undefined) open.push(directive);
      else if (value !== wanted) return undefined;
      below.set(condition.name.value, wanted);
    } else {
      open.push(directive);
    }
  }
  return { directives: open, below };
}
