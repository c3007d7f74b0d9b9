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
  /** Its value if a request gives none. */
  readonly byDefault: boolean;
}

/** The value of each condition variable. A document has one plan for each combination that occurs. */
export type ConditionValues = ReadonlyMap<string, boolean>;

/** A document with at most this many condition variables is planned for all their combinations at start. A document with more is planned when it is asked. */
const MAX_FORESEEN_VARIABLES = 5;

/** Returns the condition variables of a document, in order of appearance, with their defaults in the operation of this name. */
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

/** Returns the values of the condition variables in one request. Its variables are not coerced yet: a value that is not a boolean counts as false, and is refused later. */
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

/** Returns the variables of one request for each combination of the conditions; undefined if there are too many conditions. */
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
 * Returns the operation without the conditions that are already decided: by a literal, by a condition
 * around them, or by `values`. A selection that can never take part is removed. A selection that always
 * takes part loses its condition. The answer stays the same (GraphQL spec, sections 3.13.1 and 3.13.2).
 * Without this step, planners lose a condition if one below it contradicts it. Fragments must be inlined.
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
  // The register must still be asked whether the object exists.
  return {
    ...selection,
    directives,
    selectionSet: { kind: Kind.SELECTION_SET, selections: selections.length === 0 ? [PRESENCE] : selections },
  };
}

interface Settled {
  readonly directives: readonly DirectiveNode[];
  /** Values that the variables have if the selection takes part. */
  readonly below: ConditionValues;
}

/** Returns the directives that are still open; undefined if the selection can never take part. */
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
