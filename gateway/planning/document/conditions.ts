import {
  Kind,
  visit,
  type DocumentNode,
  type OperationDefinitionNode,
  type DirectiveNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A variable on which `@skip` or `@include` of a document depends. */
export interface ConditionVariable {
  readonly name: string;
  /** Its value where a request gives none. */
  readonly byDefault: boolean;
}

/** Whether each condition variable holds. A document has a plan for each combination that occurs. */
export type ConditionValues = ReadonlyMap<string, boolean>;

/** Combinations that are planned before they occur; a document with more variables is planned as they do. */
const MAX_FORESEEN_VARIABLES = 5;

/** The condition variables of a document, in order of appearance, with the defaults of the operation that is asked. */
export function conditionVariablesIn(
  document: DocumentNode,
  operationName: string | undefined,
): readonly ConditionVariable[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  const defaults = defaultsOf(document, operationName);
  return [...names].map((name) => ({ name, byDefault: defaults.has(name) }));
}

function defaultsOf(document: DocumentNode, operationName: string | undefined): ReadonlySet<string> {
  const operations = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  const asked = operations.find(({ name }) => operationName === undefined || name?.value === operationName);
  const holding = (asked?.variableDefinitions ?? []).filter(
    ({ defaultValue }) => defaultValue?.kind === Kind.BOOLEAN && defaultValue.value,
  );
  return new Set(holding.map(({ variable }) => variable.name.value));
}

/** The values of one request, its variables not coerced yet: what is no boolean does not hold, and is refused later. */
export function conditionValues(
  conditions: readonly ConditionVariable[],
  variables: Readonly<Record<string, unknown>>,
): ConditionValues {
  return new Map(
    conditions.map(({ name, byDefault }) => [
      name,
      Object.hasOwn(variables, name) ? variables[name] === true : byDefault,
    ]),
  );
}

/** Variables of requests, one for each combination of the conditions; undefined when these are too many. */
export function foreseenVariables(
  conditions: readonly ConditionVariable[],
): readonly Readonly<Record<string, boolean>>[] | undefined {
  if (conditions.length > MAX_FORESEEN_VARIABLES) return undefined;
  return conditions.reduce<readonly Readonly<Record<string, boolean>>[]>(
    (some, { name }) =>
      some.flatMap((one) => [
        { ...one, [name]: true },
        { ...one, [name]: false },
      ]),
    [{}],
  );
}

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
