import { Kind, type OperationDefinitionNode } from 'graphql';
import { Attribution } from './attribution.js';
import { clientFields, fetchesOf } from '../plan-walk.js';
import { type FootprintDependencies, FootprintReader, type FoundLinks } from './footprint.js';
import type { EntityFetchNode, FetchNode, FootprintEntry, PlanNode } from '../plan.js';

/** What one fetch reads for one of its root fields or entity lists. */
export interface PartReads {
  /** The fetch reduced to this root field or this list. */
  readonly part: FetchNode | EntityFetchNode;
  /** What is selected, sources of derived fields included. */
  readonly reads: readonly FootprintEntry[];
  /** What the register is sent: keys and `@requires` fields. It counts as read too. */
  readonly sends: readonly FootprintEntry[];
  /** Links to other persons in the answer, by their path in hardened response keys. */
  readonly finds: FoundLinks;
}

/**
 * Returns the footprint of a plan for each fetch and each part of it. All parts together have the
 * registers and coordinates of `footprintOf`. `operation`: hardened, fragments inlined.
 */
export function readsByFetch(
  plan: PlanNode,
  operation: OperationDefinitionNode,
  dependencies: FootprintDependencies,
): ReadonlyMap<FetchNode | EntityFetchNode, readonly PartReads[]> {
  const client = clientFields(operation);
  const fetches = fetchesOf(plan);
  const attribution = Attribution.of(fetches, client, dependencies.requires);
  const links: FoundLinks = new Map();
  const readsOf = (part: FetchNode | EntityFetchNode): PartReads => {
    const earlier = new Set(links.keys());
    const reader = new FootprintReader(client, attribution, dependencies, links);
    reader.fetch(part);
    const finds = new Map([...links].filter(([path]) => !earlier.has(path)));
    return { part, reads: reader.entries(), sends: sentBy(part, client, dependencies), finds };
  };
  return new Map(fetches.map((fetch) => [fetch, partsOf(fetch).map(readsOf)]));
}

function partsOf(fetch: FetchNode | EntityFetchNode): readonly (FetchNode | EntityFetchNode)[] {
  if (fetch.kind === 'entities') return fetch.lists.map((list) => ({ ...fetch, lists: [list] }));
  const { operation } = fetch;
  const fields = operation.selectionSet.selections.filter(
    (selection) => selection.kind !== Kind.FIELD || !selection.name.value.startsWith('__'),
  );
  return fields.map((field) => ({
    ...fetch,
    operation: { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [field] } },
  }));
}

function sentBy(
  part: FetchNode | EntityFetchNode,
  client: ReadonlySet<string>,
  dependencies: FootprintDependencies,
): readonly FootprintEntry[] {
  const attribution = Attribution.of([part], client, dependencies.requires);
  const reader = new FootprintReader(client, attribution, dependencies);
  for (const sent of attribution.sent) reader.sent(sent);
  return reader.entries();
}
