import { Kind, type FieldNode, type SelectionNode } from 'graphql';
import { entitiesField, representationsDefinition, withUsedVariables, type ListName } from './entities-operation.js';
import type { EntityFetchNode, EntityList, PlanNode, RequiredSelection } from '../plan.js';
import { interfaceOf, listSelections, mapEntityFetches } from '../plan-walk.js';
import type { KeyFields, RequiredFields } from '../footprint/join-directives.js';

export interface SplitRequiresDependencies {
  readonly requires: RequiredFields;
  readonly keys: KeyFields;
}

/**
 * Splits the lists of each entity fetch by what their fields require (`@requires`). All lists stay in
 * the same call. The planner asks for all fields with one representation: if a required value were
 * withheld or missing, the fields that do not need it would be lost too.
 */
export function splitRequires(plan: PlanNode, dependencies: SplitRequiresDependencies): PlanNode {
  return mapEntityFetches(plan, (fetch) => splitFetch(fetch, dependencies));
}

/** One list after the split, with its selections. */
interface Part {
  readonly list: EntityList;
  readonly selections: readonly SelectionNode[];
}

function splitFetch(fetch: EntityFetchNode, dependencies: SplitRequiresDependencies): EntityFetchNode {
  const parts = fetch.lists.flatMap((list) => splitList(fetch, list, dependencies));
  if (parts.length === fetch.lists.length) return fetch;
  const definitions = [
    ...parts.map(({ list }) => representationsDefinition(list.variable)),
    ...(fetch.operation.variableDefinitions ?? []),
  ];
  const selections = parts.map(({ list, selections: asked }): FieldNode => entitiesField(list, asked));
  return {
    ...fetch,
    operation: withUsedVariables(
      { ...fetch.operation, variableDefinitions: definitions, selectionSet: { kind: Kind.SELECTION_SET, selections } },
      [],
    ),
    lists: parts.map(({ list }) => list),
  };
}

function splitList(fetch: EntityFetchNode, list: EntityList, dependencies: SplitRequiresDependencies): readonly Part[] {
  const selections = listSelections(fetch, list);
  const needsOf = (type: string, field: string): readonly string[] =>
    [
      ...new Set(dependencies.requires(fetch.register, type, field).map((path) => path.split('.', 1)[0] ?? path)),
    ].sort();
  const needs = new Map<string, readonly string[]>();
  collectNeeds(selections, '', needsOf, needs);
  if (needs.size <= 1) return [{ list, selections }];
  const required = new Set([...needs.values()].flat());
  return [...needs].map(([name, own], position) => ({
    list: {
      ...list,
      ...nameOf(list, position),
      requires: list.requires.map((one) =>
        withNeeds(one, new Set(own), { fetch, list, required, keys: dependencies.keys }),
      ),
    },
    selections: selectionsWith(name, selections, '', needsOf),
  }));
}

type NeedsOf = (type: string, field: string) => readonly string[];

const nameOfNeeds = (needs: readonly string[]): string => needs.join(' ');

/** Collects what the fields of the entities require: each combination once, by its name. */
function collectNeeds(
  selections: readonly SelectionNode[],
  type: string,
  needsOf: NeedsOf,
  found: Map<string, readonly string[]>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT)
      collectNeeds(selection.selectionSet.selections, selection.typeCondition?.name.value ?? type, needsOf, found);
    if (selection.kind !== Kind.FIELD || selection.name.value === '__typename') continue;
    const needs = needsOf(type, selection.name.value);
    found.set(nameOfNeeds(needs), needs);
  }
}

/** Returns the fields with exactly these needs. `__typename` needs nothing and stays in every list. */
function selectionsWith(
  name: string,
  selections: readonly SelectionNode[],
  type: string,
  needsOf: NeedsOf,
): readonly SelectionNode[] {
  return selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD)
      return selection.name.value === '__typename' || nameOfNeeds(needsOf(type, selection.name.value)) === name
        ? [selection]
        : [];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    const inner = selectionsWith(
      name,
      selection.selectionSet.selections,
      selection.typeCondition?.name.value ?? type,
      needsOf,
    );
    return inner.length === 0
      ? []
      : [{ ...selection, selectionSet: { kind: Kind.SELECTION_SET, selections: [...inner] } }];
  });
}

function nameOf({ alias, variable }: EntityList, position: number): ListName {
  return position === 0 ? { alias, variable } : { alias: `${alias}_${position}`, variable: `${variable}_${position}` };
}

interface Needing {
  readonly fetch: EntityFetchNode;
  readonly list: EntityList;
  /** Everything that some field of the list requires. */
  readonly required: ReadonlySet<string>;
  readonly keys: KeyFields;
}

/** Returns the selection with its keys, and without fields that only other lists require. */
function withNeeds(
  selection: RequiredSelection,
  own: ReadonlySet<string>,
  { fetch, list, required, keys }: Needing,
): RequiredSelection {
  if (selection.kind !== 'type') return selection;
  const key = keys(fetch.register, interfaceOf(list) ?? selection.name);
  return {
    ...selection,
    selections: selection.selections.filter(
      (one) => one.kind !== 'field' || key.has(one.to) || own.has(one.to) || !required.has(one.to),
    ),
  };
}
