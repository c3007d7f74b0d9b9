import { Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import {
  renamedKey,
  dotted,
  fetchesOf,
  fieldsAmong,
  interfaceOf,
  keyOf,
  listSelections,
  mapEntityFetches,
} from '../plan-walk.js';
import type { EntityFetchNode, EntityList, PathStep, PlanNode, RequiredSelection } from '../plan.js';

/**
 * Adds to each fetch of an interface object's fields (`@interfaceObject`) every type for which the
 * operation asks for these fields. The planner joins the selections below several type conditions into
 * one fetch, but keeps only the keys that the last one requires. Without this pass, the fields of all
 * other types would be null although the register holds a value.
 *
 * Types for which the operation does not ask are not added, because data that is not needed is not read.
 * `operation`: fragments inlined, in the response keys of the plan.
 */
export function completeInterfaceObjects(
  plan: PlanNode,
  operation: OperationDefinitionNode,
  types: SupergraphTypes,
): PlanNode {
  const lists = fetchesOf(plan).flatMap((fetch) => (fetch.kind === 'entities' ? fetch.lists : []));
  if (!lists.some((list) => interfaceOf(list) !== undefined)) return plan;
  return mapEntityFetches(plan, (fetch) => ({
    ...fetch,
    lists: fetch.lists.map((list) => completeList(list, { fetch, lists, operation, types })),
  }));
}

interface Surroundings {
  readonly fetch: EntityFetchNode;
  /** All entity lists of the plan. */
  readonly lists: readonly EntityList[];
  readonly operation: OperationDefinitionNode;
  readonly types: SupergraphTypes;
}

function completeList(list: EntityList, { fetch, lists, operation, types }: Surroundings): EntityList {
  const name = interfaceOf(list);
  const [pattern] = list.requires;
  if (name === undefined || pattern?.kind !== 'type') return list;
  const keys = new Set(
    fieldsAmong(listSelections(fetch, list)).map((field) => renamedKey(list.outputRewrites, keyOf(field))),
  );
  const all = types.possibleTypes(name);
  const asking = list.paths.flatMap((path) => [
    ...typesAsking(operation.selectionSet, keySteps(path), { keys, all, types }),
    ...typesRequiring(lists, path, keys),
  ]);
  const covered = new Set(typesOf(list.requires).flatMap((type) => [...types.possibleTypes(type)]));
  const missing = new Set(
    asking
      .flatMap((type) => [...types.possibleTypes(type)])
      .filter((type) => all.has(type) && types.isObject(type) && !covered.has(type)),
  );
  return missing.size === 0
    ? list
    : { ...list, requires: [...list.requires, ...[...missing].map((type) => ({ ...pattern, name: type }))] };
}

/** One response key of a path, and the types that its objects may have there; undefined: any type. */
interface KeyStep {
  readonly key: string;
  readonly names: readonly string[] | undefined;
}

function keySteps(path: readonly PathStep[]): readonly KeyStep[] {
  const steps: KeyStep[] = [];
  for (const step of path) {
    const last = steps.pop();
    if (last) steps.push(step.kind === 'type' ? { ...last, names: step.names } : last);
    if (step.kind === 'field') steps.push({ key: step.key, names: undefined });
  }
  return steps;
}

interface Wanted {
  readonly keys: ReadonlySet<string>;
  /** The interface and its object types. */
  readonly all: ReadonlySet<string>;
  readonly types: SupergraphTypes;
}

/** Returns the types for which the operation selects any of the keys at the end of the path. */
function typesAsking(
  { selections }: SelectionSetNode,
  [next, ...rest]: readonly KeyStep[],
  wanted: Wanted,
  at: ReadonlySet<string> = wanted.all,
): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return typesAsking(
        selection.selectionSet,
        next ? [next, ...rest] : [],
        wanted,
        narrowed(at, selection.typeCondition?.name.value, wanted),
      );
    if (selection.kind !== Kind.FIELD) return [];
    if (next === undefined) return wanted.keys.has(keyOf(selection)) ? [...at] : [];
    if (next.key !== keyOf(selection) || selection.selectionSet === undefined) return [];
    return typesAsking(
      selection.selectionSet,
      rest,
      wanted,
      rest.length === 0 && next.names ? intersection(wanted.all, next.names, wanted) : wanted.all,
    );
  });
}

/**
 * Returns the types that meet a type condition. Conditions above the entities are about other
 * interfaces. They have no effect, because each step of the path starts again with all types.
 */
function narrowed(at: ReadonlySet<string>, condition: string | undefined, wanted: Wanted): ReadonlySet<string> {
  return condition === undefined ? at : intersection(at, [condition], wanted);
}

function intersection(at: ReadonlySet<string>, names: readonly string[], { types }: Wanted): ReadonlySet<string> {
  const allowed = new Set(names.flatMap((name) => [...types.possibleTypes(name)]));
  return new Set([...at].filter((type) => allowed.has(type)));
}

/** Returns the types for which another fetch at the same path requires any of the keys. */
function typesRequiring(
  lists: readonly EntityList[],
  path: readonly PathStep[],
  keys: ReadonlySet<string>,
): readonly string[] {
  const here = lists.filter(({ paths }) => paths.some((one) => dotted(one) === dotted(path)));
  return here.flatMap(({ requires }) =>
    requires.flatMap((one) =>
      one.kind === 'type' && one.selections.some((field) => field.kind === 'field' && keys.has(field.from))
        ? [one.name]
        : [],
    ),
  );
}

const typesOf = (requires: readonly RequiredSelection[]): readonly string[] =>
  requires.flatMap((one) => (one.kind === 'type' ? [one.name] : []));
