import { Kind, type FieldNode, type SelectionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { EntityFetchNode, EntityList, FetchNode, PathStep, PlanNode, Rewrite } from './plan.js';

/** Returns every fetch of a plan, in order. Includes both branches of conditions, because the decision does not depend on variables. */
export function fetchesOf(node: PlanNode): readonly (FetchNode | EntityFetchNode)[] {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return node.nodes.flatMap(fetchesOf);
    case 'condition':
      return [node.ifTrue, node.ifFalse].flatMap((branch) => (branch === undefined ? [] : fetchesOf(branch)));
    case 'fetch':
    case 'entities':
      return [node];
  }
}

/** Returns what an entity fetch selects on the entities of one list. */
export function listSelections({ operation }: EntityFetchNode, { alias }: EntityList): readonly SelectionNode[] {
  const field = operation.selectionSet.selections.find(
    (selection) => selection.kind === Kind.FIELD && keyOf(selection) === alias,
  );
  return field?.kind === Kind.FIELD ? (field.selectionSet?.selections ?? []) : [];
}

/** Returns the interface as which the entities of a list are requested (`@interfaceObject`); undefined if they are requested as their own type. */
export function interfaceOf({ inputRewrites }: EntityList): string | undefined {
  const set = inputRewrites.find(
    (rewrite) =>
      rewrite.kind === 'set' && rewrite.path.some((step) => step.kind === 'key' && step.name === '__typename'),
  );
  return set?.kind === 'set' ? set.value : undefined;
}

/** Returns the root fields that a root fetch asks for, without `__typename`. */
export function rootFields({ operation }: FetchNode): readonly FieldNode[] {
  return fieldsAmong(operation.selectionSet.selections);
}

/** Returns the fields of these selections and of inline fragments among them, without `__typename`. */
export function fieldsAmong(selections: readonly SelectionNode[]): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsAmong(selection.selectionSet.selections);
    return selection.kind === Kind.FIELD && !selection.name.value.startsWith('__') ? [selection] : [];
  });
}

/** Returns the response key of a field (GraphQL spec, section 2.7). */
export function keyOf({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}

/** Returns the response keys of a path, joined by dots, without lists and type conditions. */
export function dotted(path: readonly PathStep[]): string {
  return path.flatMap((step) => (step.kind === 'field' ? [step.key] : [])).join('.');
}

/** Returns the plan with every fetch replaced by what `change` returns for it. */
export function mapFetches(node: PlanNode, change: (fetch: FetchNode | EntityFetchNode) => PlanNode): PlanNode {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return { ...node, nodes: node.nodes.map((child) => mapFetches(child, change)) };
    case 'condition':
      return {
        ...node,
        ...(node.ifTrue ? { ifTrue: mapFetches(node.ifTrue, change) } : {}),
        ...(node.ifFalse ? { ifFalse: mapFetches(node.ifFalse, change) } : {}),
      };
    case 'fetch':
    case 'entities':
      return change(node);
  }
}

/** Returns the plan with every entity fetch replaced by what `change` returns for it. */
export function mapEntityFetches(node: PlanNode, change: (fetch: EntityFetchNode) => EntityFetchNode): PlanNode {
  return mapFetches(node, (fetch) => (fetch.kind === 'entities' ? change(fetch) : fetch));
}

/** Returns the output rewrites of a fetch that apply below a response key, with paths that begin there. */
export function rewritesBelow(rewrites: readonly Rewrite[], key: string): readonly Rewrite[] {
  return rewrites.flatMap((rewrite) => {
    const [first, path] = firstKey(rewrite);
    return first === key && path.length > 0 ? [{ ...rewrite, path }] : [];
  });
}

/** Returns the key of a field in the data after the output rewrites. */
export function renamedKey(rewrites: readonly Rewrite[], key: string): string {
  const rename = rewrites.find((rewrite) => {
    const [first, path] = firstKey(rewrite);
    return first === key && !path.some((step) => step.kind === 'key');
  });
  return rename?.kind === 'rename' ? rename.to : key;
}

/** Returns the first key of a rewrite's path, and the path after it. */
function firstKey({ path }: Rewrite): readonly [string | undefined, Rewrite['path']] {
  const position = path.findIndex((step) => step.kind === 'key');
  const step = path[position];
  return [step?.kind === 'key' ? step.name : undefined, path.slice(position + 1)];
}

/** Returns every path that the client selected: hardened response keys, joined by dots, without `__typename`. Fragments must be inlined. */
export function clientFields({ selectionSet }: OperationDefinitionNode): ReadonlySet<string> {
  const paths = new Set<string>();
  collect(selectionSet, '', paths);
  return paths;
}

function collect({ selections }: SelectionSetNode, prefix: string, paths: Set<string>): void {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, prefix, paths);
    if (selection.kind !== Kind.FIELD || selection.name.value.startsWith('__')) continue;
    const path = joined(prefix, selection.alias?.value ?? selection.name.value);
    paths.add(path);
    if (selection.selectionSet) collect(selection.selectionSet, path, paths);
  }
}

/** Returns `prefix.key`, or the key alone at the top. */
export function joined(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`;
}
