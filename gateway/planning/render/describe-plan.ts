import { NO_CATEGORY } from '../../../schemas/catalogue/plain-supergraph.js';
import { asWritten, type FoundLinks, type FootprintDependencies } from '../footprint/footprint.js';
import { readsByFetch, type PartReads } from '../footprint/fetch-reads.js';
import { inlineFragments } from '../document/fragments.js';
import { pickOperation } from '../document/parse.js';
import type { EntityFetchNode, FetchNode, FootprintEntry, PlanNode, PlannedDocument } from '../plan.js';
import { fetchesOf } from '../plan-walk.js';
import type {
  DescribedAsk,
  DescribedCondition,
  DescribedFetch,
  DescribedField,
  DescribedNode,
  PlanDescription,
} from './description.js';
import { Subjects } from './subjects.js';

/**
 * Describes the plan of a prepared document: the plan that is executed, already cut at links to other
 * persons. `dependencies`: of the catalogue that the document was prepared with. The description leaves
 * out numbers that the gateway requests only to check that an answer is about the right person.
 */
export function describePlan(
  { plan, documentHash, operationName, catalogueHash, hardened }: PlannedDocument,
  dependencies: FootprintDependencies,
): PlanDescription {
  const head = { operation: operationName ?? null, document: documentHash, catalogue: catalogueHash };
  if (plan === undefined) return { ...head, calls: 0, plan: null };
  const operation = inlineFragments(hardened, pickOperation(hardened, operationName));
  const fetches = fetchesOf(plan);
  const reads = readsByFetch(plan, operation, dependencies);
  const subjects = new Subjects(fetches, linksOf(reads), dependencies.governance);
  const describe = (node: FetchNode | EntityFetchNode): DescribedFetch => ({
    kind: 'fetch',
    number: fetches.indexOf(node) + 1,
    register: node.register,
    calls: 1,
    asks: (reads.get(node) ?? []).map((part) => describeAsk(part, subjects)),
  });
  return { ...head, calls: fetches.length, plan: describeNode(plan, describe) };
}

function linksOf(reads: ReadonlyMap<unknown, readonly PartReads[]>): FoundLinks {
  return new Map([...reads.values()].flat().flatMap(({ finds }) => [...finds]));
}

function describeNode(node: PlanNode, describe: (node: FetchNode | EntityFetchNode) => DescribedFetch): DescribedNode {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return { kind: node.kind, nodes: node.nodes.map((child) => describeNode(child, describe)) };
    case 'condition':
      return describeCondition(node, describe);
    case 'fetch':
    case 'entities':
      return describe(node);
  }
}

function describeCondition(
  { variable, ifTrue, ifFalse }: PlanNode & { kind: 'condition' },
  describe: (node: FetchNode | EntityFetchNode) => DescribedFetch,
): DescribedCondition {
  return {
    kind: 'condition',
    variable,
    ...(ifTrue === undefined ? {} : { ifTrue: describeNode(ifTrue, describe) }),
    ...(ifFalse === undefined ? {} : { ifFalse: describeNode(ifFalse, describe) }),
  };
}

function describeAsk({ part, reads, sends, finds }: PartReads, subjects: Subjects): DescribedAsk {
  return {
    subjects: subjects.of(part),
    sends: sends.map(fieldOf),
    reads: reads.map((entry) => ({ ...fieldOf(entry), access: entry.access })),
    finds: [...finds].map(([path, { role }]) => ({ role, at: asWritten(path) })),
  };
}

function fieldOf({ coordinate, category }: FootprintEntry): DescribedField {
  return { coordinate, category: category === NO_CATEGORY ? null : category };
}
