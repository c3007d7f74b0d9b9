import { Kind, print, type OperationDefinitionNode } from 'graphql';
import type { CallGroup, FetchSelection, PreparedFetch, SelectedField } from '../port.js';
import { shapeOf, type ObjectShape } from './response-shape.js';

/** A printed selection: the part of the request that a group adds. */
export interface PreparedGraphql extends PreparedFetch {
  readonly kind: FetchSelection['kind'];
  /** `query`, or `mutation` for a root fetch. */
  readonly operation: string;
  /** Selections of the root, or below `_entities`, as text with braces. */
  readonly selections: string;
  /** Definitions of the client's variables, as text, by name. */
  readonly definitions: ReadonlyMap<string, string>;
  readonly fields: readonly SelectedField[];
  readonly shape: ObjectShape;
}

/** The request to the register, for all groups. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Variable of the gateway in an operation of entities. A client cannot use its name. */
const REPRESENTATIONS = 'representations';

/** Prints a selection. The operation of entities is `query($representations: ...) { _entities(...) { ... } }`. */
export function prepareGraphql(register: string, { kind, operation, fields }: FetchSelection): PreparedGraphql {
  const [entities] = operation.selectionSet.selections;
  const set =
    kind === 'root' ? operation.selectionSet : entities?.kind === Kind.FIELD ? entities.selectionSet : undefined;
  if (set === undefined) throw new Error(`a fetch from register ${register} selects nothing`);
  return {
    register,
    kind,
    operation: operation.operation,
    selections: print(set),
    definitions: clientDefinitions(operation),
    fields,
    shape: shapeOf(fields),
  };
}

function clientDefinitions({ variableDefinitions = [] }: OperationDefinitionNode): ReadonlyMap<string, string> {
  return new Map(
    variableDefinitions
      .map((definition) => [definition.variable.name.value, print(definition)] as const)
      .filter(([name]) => name !== REPRESENTATIONS),
  );
}

/**
 * Merges all groups into one operation. Each list of entities has an alias of its own (`_e0`, `_e1`, ...) and its own
 * representations, so that for each key only the selection of its group is requested. Only variables that a selection
 * uses are sent. A root group is a call of its own.
 */
export function mergeGroups(groups: readonly CallGroup[]): GraphqlRequest {
  const prepared = groups.map((group) => group.prepared as PreparedGraphql);
  const [first] = prepared;
  if (first?.kind === 'root' && groups.length === 1)
    return requestOf(first.operation, first.selections, first.definitions, ownVariables(groups));
  if (prepared.some(({ kind }) => kind === 'root')) throw new Error('a root fetch is a call of its own');
  const variables = ownVariables(groups);
  const definitions = new Map(prepared.flatMap((one) => [...one.definitions]));
  const lists = prepared.map(({ selections }, position) => {
    const name = representationsName(position, definitions);
    definitions.set(name, `$${name}: [_Any!]!`);
    variables[name] = groups[position]?.keys ?? [];
    return `${aliasOf(position)}: _entities(representations: $${name}) ${selections}`;
  });
  return requestOf('query', `{\n${lists.join('\n')}\n}`, definitions, variables);
}

/** Response key of a group's list of entities. */
export function aliasOf(position: number): string {
  return `_e${position}`;
}

function requestOf(
  operation: string,
  selections: string,
  definitions: ReadonlyMap<string, string>,
  variables: Readonly<Record<string, unknown>>,
): GraphqlRequest {
  const head = definitions.size === 0 ? operation : `${operation}(${[...definitions.values()].join(', ')})`;
  return { query: `${head} ${selections}`, variables };
}

function ownVariables(groups: readonly CallGroup[]): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const { prepared, variables: given } of groups) {
    for (const name of (prepared as PreparedGraphql).definitions.keys())
      if (Object.hasOwn(given, name)) variables[name] = given[name];
  }
  return variables;
}

/** Returns a name that no variable of the client has. */
function representationsName(position: number, taken: ReadonlyMap<string, string>): string {
  const name = `${REPRESENTATIONS}_${position}`;
  return taken.has(name) ? representationsName(position + taken.size, taken) : name;
}
