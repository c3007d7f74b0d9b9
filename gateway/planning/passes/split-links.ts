import {
  Kind,
  print,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { GovernanceIndex } from '../../../schemas/catalogue/governance.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import { entitiesField, representationsDefinition, withUsedVariables, type ListName } from './entities-operation.js';
import { rewritesBelow, mapFetches } from '../plan-walk.js';
import type { EntityFetchNode, EntityList, FetchNode, PathStep, PlanNode, Rewrite } from '../plan.js';

export interface SplitDependencies {
  readonly governance: GovernanceIndex;
  readonly types: SupergraphTypes;
}

/**
 * Cuts each fetch at its links to other persons. Below a link only the person's key is selected.
 * Everything else about that person becomes a fetch of its own, so that the gate can decide about this
 * person before the call is made. The planner puts both persons into one call, because one register can
 * answer both; the law requires a decision for each person.
 */
export function splitLinks(node: PlanNode, dependencies: SplitDependencies): PlanNode {
  return mapFetches(node, (fetch) =>
    fetch.kind === 'fetch' ? splitFetch(fetch, dependencies) : splitEntities(fetch, dependencies),
  );
}

/** Selections that were cut off below a link, with the path of the linked person. */
interface Cut {
  readonly type: string;
  readonly key: string;
  readonly path: readonly PathStep[];
  readonly selections: readonly SelectionNode[];
  /** Output rewrites of the cut selections, with paths that begin at the person. */
  readonly rewrites: readonly Rewrite[];
}

/** Where the cutter is: the path in the answer, and the output rewrites that apply below it. */
interface CutterPosition {
  readonly path: readonly PathStep[];
  readonly rewrites: readonly Rewrite[];
}

function splitFetch(node: FetchNode, dependencies: SplitDependencies): PlanNode {
  const cutter = new Cutter(node.register, dependencies);
  const selections = cutter.selections(node.operation.selectionSet.selections, dependencies.types.rootType('query'), {
    path: [],
    rewrites: node.outputRewrites,
  });
  return followedBy(
    { ...node, operation: withSelections(node.operation, selections) },
    cutter.cuts,
    node,
    dependencies,
  );
}

function splitEntities(node: EntityFetchNode, dependencies: SplitDependencies): PlanNode {
  const cutter = new Cutter(node.register, dependencies);
  const lists = new Map(node.lists.map((list) => [list.alias, list]));
  const selections = node.operation.selectionSet.selections.map((selection) => {
    const list = selection.kind === Kind.FIELD ? lists.get(selection.alias?.value ?? selection.name.value) : undefined;
    return list === undefined || selection.kind !== Kind.FIELD ? selection : cutList(selection, list, cutter);
  });
  return followedBy(
    { ...node, operation: withSelections(node.operation, selections) },
    cutter.cuts,
    node,
    dependencies,
  );
}

/** The entities of a list may be at several paths. What is cut off is fetched for each of these paths. */
function cutList(field: FieldNode, list: EntityList, cutter: Cutter): FieldNode {
  const [first = [], ...others] = list.paths;
  const cutAt = (path: readonly PathStep[]): readonly SelectionNode[] =>
    cutter.selections(field.selectionSet?.selections ?? [], '_Entity', { path, rewrites: list.outputRewrites });
  for (const path of others) cutAt(path);
  return { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections: cutAt(first) } };
}

function withSelections(
  operation: OperationDefinitionNode,
  selections: readonly SelectionNode[],
): OperationDefinitionNode {
  return withUsedVariables(
    { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [...selections] } },
    operation.variableDefinitions ?? [],
  );
}

/** Returns the remaining fetch, followed by a fetch of the cut selections. `origin` is the fetch before the cut: it defines the variables of both. */
function followedBy(
  node: FetchNode | EntityFetchNode,
  cuts: readonly Cut[],
  origin: FetchNode | EntityFetchNode,
  dependencies: SplitDependencies,
): PlanNode {
  const own = { ...node, variables: node.variables.filter((name) => isDefined(node.operation, name)) };
  if (cuts.length === 0) return own;
  return { kind: 'sequence', nodes: [own, splitLinks(fetchOf(cuts, origin), dependencies)] };
}

/** Returns one fetch for everything that was cut. Equal selections share a list, so that spouse and children are one batch. */
function fetchOf(cuts: readonly Cut[], origin: FetchNode | EntityFetchNode): EntityFetchNode {
  const alike = new Map<string, Cut[]>();
  for (const cut of cuts) {
    const key = `${cut.type} ${cut.key} ${cut.selections.map(print).join(' ')} ${JSON.stringify(cut.rewrites)}`;
    alike.set(key, [...(alike.get(key) ?? []), cut]);
  }
  const groups = [...alike.values()];
  const names = groups.map((_, position) =>
    groups.length === 1
      ? { alias: '_entities', variable: 'representations' }
      : { alias: `_e${position}`, variable: `representations_${position}` },
  );
  const operation = withUsedVariables(entitiesOperation(groups, names), definitionsOf(origin));
  return {
    kind: 'entities',
    register: origin.register,
    operation,
    variables: origin.variables.filter((name) => isDefined(operation, name)),
    lists: groups.map(([first, ...others], position) => listOf([first as Cut, ...others], names[position] as ListName)),
  };
}

function listOf(cuts: readonly [Cut, ...Cut[]], name: ListName): EntityList {
  const [{ type, key, rewrites }] = cuts;
  return {
    ...name,
    paths: cuts.map(({ path }) => path),
    requires: [
      {
        kind: 'type',
        name: type,
        selections: ['__typename', key].map((field) => ({ kind: 'field', from: field, to: field, selections: [] })),
      },
    ],
    inputRewrites: [],
    outputRewrites: rewrites,
  };
}

function entitiesOperation(groups: readonly (readonly Cut[])[], names: readonly ListName[]): OperationDefinitionNode {
  const selections: FieldNode[] = groups.map((cuts, position) => {
    const [cut] = cuts as [Cut];
    const typeCondition = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: cut.type } } as const;
    return entitiesField(names[position] as ListName, [
      {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition,
        selectionSet: { kind: Kind.SELECTION_SET, selections: [...cut.selections] },
      },
    ]);
  });
  return {
    kind: Kind.OPERATION_DEFINITION,
    operation: 'query' as OperationDefinitionNode['operation'],
    variableDefinitions: names.map(({ variable }) => representationsDefinition(variable)),
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
}

function definitionsOf({ operation }: FetchNode | EntityFetchNode): readonly VariableDefinitionNode[] {
  return operation.variableDefinitions ?? [];
}

function isDefined({ variableDefinitions }: OperationDefinitionNode, name: string): boolean {
  return variableDefinitions?.some(({ variable }) => variable.name.value === name) ?? false;
}

class Cutter {
  readonly #register: string;
  readonly #dependencies: SplitDependencies;
  readonly cuts: Cut[] = [];

  constructor(register: string, dependencies: SplitDependencies) {
    this.#register = register;
    this.#dependencies = dependencies;
  }

  /** Returns the selections without what is below links, which is added to `cuts`. */
  selections(selections: readonly SelectionNode[], parent: string, position: CutterPosition): readonly SelectionNode[] {
    return selections.map((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition?.name.value ?? parent;
        return {
          ...selection,
          selectionSet: {
            kind: Kind.SELECTION_SET,
            selections: [...this.selections(selection.selectionSet.selections, type, position)],
          },
        };
      }
      return this.#field(selection, parent, position);
    });
  }

  #field(field: FieldNode, parent: string, position: CutterPosition): FieldNode {
    if (field.selectionSet === undefined || field.name.value.startsWith('__')) return field;
    const { governance, types } = this.#dependencies;
    const declared = types.field(parent, field.name.value);
    const key = field.alias?.value ?? field.name.value;
    const below: CutterPosition = {
      path: [...position.path, { kind: 'field', key }, ...(declared.list ? [{ kind: 'list' } as const] : [])],
      rewrites: rewritesBelow(position.rewrites, key),
    };
    const link = governance.link(this.#register, parent, field.name.value);
    const canBeAsked = link !== undefined && governance.subjectField(this.#register, declared.name) === link.field;
    const selections = canBeAsked
      ? this.#cut(field.selectionSet.selections, declared.name, link.field, below)
      : this.selections(field.selectionSet.selections, declared.name, below);
    return { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections: [...selections] } };
  }

  /** Returns the key and `__typename`. Adds the other selections to `cuts`. */
  #cut(
    within: readonly SelectionNode[],
    type: string,
    key: string,
    position: CutterPosition,
  ): readonly SelectionNode[] {
    const selections = ofType(within, type);
    const isKept = (selection: SelectionNode): boolean =>
      selection.kind === Kind.FIELD && (selection.name.value === '__typename' || selection.name.value === key);
    const rest = selections.filter((selection) => !isKept(selection));
    if (rest.length === 0) return selections;
    this.cuts.push({ type, key, ...position, selections: rest });
    const kept = selections.filter(isKept);
    return [...missing(kept, '__typename'), ...missing(kept, key), ...kept];
  }
}

/** Returns the selections on a type, each once. Fragments on the same type without directives are opened, so that a key inside one is found. */
function ofType(selections: readonly SelectionNode[], type: string): readonly SelectionNode[] {
  const flat = (selection: SelectionNode): readonly SelectionNode[] => {
    const isTransparent =
      selection.kind === Kind.INLINE_FRAGMENT &&
      (selection.directives ?? []).length === 0 &&
      (selection.typeCondition?.name.value ?? type) === type;
    return isTransparent ? selection.selectionSet.selections.flatMap(flat) : [selection];
  };
  return [...new Map(selections.flatMap(flat).map((selection) => [print(selection), selection])).values()];
}

/** Returns the field if the selections lack it, otherwise nothing. A field with an alias or a directive does not count. */
function missing(kept: readonly SelectionNode[], name: string): readonly FieldNode[] {
  const there = kept.some(
    (selection) =>
      selection.kind === Kind.FIELD &&
      selection.name.value === name &&
      selection.alias === undefined &&
      !selection.directives?.length,
  );
  return there ? [] : [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } }];
}
