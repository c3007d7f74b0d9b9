import { Kind, print, type OperationDefinitionNode } from 'graphql';
import type { CallGroup, FetchSelection, PreparedFetch, SelectedField } from '../port.js';

/** A selection printed once: what a group adds to the request. */
export interface PreparedGraphql extends PreparedFetch {
  readonly kind: FetchSelection['kind'];
  /** Selections of the root, or below `_entities`, as text with braces. */
  readonly selections: string;
  /** Definitions of the client's variables, as text. */
  readonly definitions: readonly string[];
  readonly fields: readonly SelectedField[];
}

/** A request for the register: one for all groups. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const REPRESENTATIONS = 'representations';

/** Prints a selection. The operation of entities is `query($representations: ...) { _entities(...) { ... } }`. */
export function prepareGraphql(register: string, { kind, operation, fields }: FetchSelection): PreparedGraphql {
  const [entities] = operation.selectionSet.selections;
  const set = kind === 'root' ? operation.selectionSet : entities?.kind === Kind.FIELD ? entities.selectionSet : undefined;
  if (set === undefined) throw new Error('an operation without selections');
  return { register, kind, selections: print(set), definitions: clientDefinitions(operation), fields };
}

function clientDefinitions({ variableDefinitions = [] }: OperationDefinitionNode): readonly string[] {
  return variableDefinitions.filter(({ variable }) => variable.name.value !== REPRESENTATIONS).map(print);
}

/**
 * All groups in one operation: each list of entities under an alias of its own (`_e0`, `_e1`, ...)
 * with its own representations, so that each key is asked for exactly what its group may be asked.
 */
export function mergeGroups(groups: readonly CallGroup[]): GraphqlRequest {
  const definitions = new Set<string>();
  const variables: Record<string, unknown> = {};
  const selections = groups.map((group, position) => {
    const prepared = group.prepared as PreparedGraphql;
    for (const definition of prepared.definitions) definitions.add(definition);
    Object.assign(variables, group.variables);
    if (prepared.kind === 'root') return prepared.selections.slice(1, -1);
    variables[`_r${position}`] = group.keys ?? [];
    definitions.add(`$_r${position}: [_Any!]!`);
    return `${aliasOf(position)}: _entities(representations: $_r${position}) ${prepared.selections}`;
  });
  const head = definitions.size === 0 ? 'query' : `query(${[...definitions].join(', ')})`;
  return { query: `${head} {\n${selections.join('\n')}\n}`, variables };
}

/** Response key of a group's list of entities. */
export function aliasOf(position: number): string {
  return `_e${position}`;
}
