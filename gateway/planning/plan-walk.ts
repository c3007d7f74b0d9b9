import { Kind, type FieldNode, type SelectionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { EntityFetchNode, EntityList, FetchNode, PathStep, PlanNode, Rewrite } from './plan.js';

/** Every fetch of a plan, in order; both branches of conditions, because the decision does not depend on variables. */
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

/** What an entity fetch selects of the entities of one list. */
export function listSelections({ operation }: EntityFetchNode, { alias }: EntityList): readonly SelectionNode[] {
  const field = operation.selectionSet.selections.find(
    (selection) => selection.kind === Kind.FIELD && keyOf(selection) === alias,
  );
  return field?.kind === Kind.FIELD ? (field.selectionSet?.selections ?? []) : [];
}

/** The interface in whose name entities are asked (`@interfaceObject`); undefined where they are asked in their own. */
export function interfaceOf({ inputRewrites }: EntityList): string | undefined {
  const set = inputRewrites.find(
    (rewrite) =>
      rewrite.kind === 'set' && rewrite.path.some((step) => step.kind === 'key' && step.name === '__typename'),
  );
  return set?.kind === 'set' ? set.value : undefined;
}

/** The root fields that a root fetch asks, `__typename` apart. */
export function rootFields({ operation }: FetchNode): readonly FieldNode[] {
  return fieldsAmong(operation.selectionSet.selections);
}

/** Fields of these selections and of inline fragments among them, `__typename` apart. */
export function fieldsAmong(selections: readonly SelectionNode[]): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsAmong(selection.selectionSet.selections);
    return selection.kind === Kind.FIELD && !selection.name.value.startsWith('__') ? [selection] : [];
  });
}

/** Response key of a field (GraphQL spec, section 2.7). */
export function keyOf({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}

/** Dotted response keys of a place; lists and type conditions left out. */
export function dotted(path: readonly PathStep[]): string {
  return path.flatMap((step) => (step.kind === 'field' ? [step.key] : [])).join('.');
}

/** The plan with something in the place of every fetch. */
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

/** The plan with every entity fetch changed. */
export function mapEntityFetches(node: PlanNode, change: (fetch: EntityFetchNode) => EntityFetchNode): PlanNode {
  return mapFetches(node, (fetch) => (fetch.kind === 'entities' ? change(fetch) : fetch));
}

/** What of a fetch's output rewrites holds below a response key. */
export function rewritesBelow(rewrites: readonly Rewrite[], key: string): readonly Rewrite[] {
  return rewrites.flatMap((rewrite) => {
    const [first, path] = firstKey(rewrite);
    return first === key && path.length > 0 ? [{ ...rewrite, path }] : [];
  });
}

/** The key under which a field stands in the data after the output rewrites. */
export function renamedKey(rewrites: readonly Rewrite[], key: string): string {
  const rename = rewrites.find((rewrite) => {
    const [first, path] = firstKey(rewrite);
    return first === key && !path.some((step) => step.kind === 'key');
  });
  return rename?.kind === 'rename' ? rename.to : key;
}

/** The first key of a rewrite's path, and the path behind it. */
function firstKey({ path }: Rewrite): readonly [string | undefined, Rewrite['path']] {
  const position = path.findIndex((step) => step.kind === 'key');
  const step = path[position];
  return [step?.kind === 'key' ? step.name : undefined, path.slice(position + 1)];
}

/** Every path that the client selected, in hardened response keys, dotted; `__typename` apart. Fragments must be inlined. */
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

/** `prefix.key`, or the key alone at the top. */
export function joined(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`;
}
