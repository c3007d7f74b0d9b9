import { Kind, visit, type DocumentNode, type OperationDefinitionNode } from 'graphql';

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
