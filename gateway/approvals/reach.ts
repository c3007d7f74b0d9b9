import { createHash } from 'node:crypto';
import { canonicalBytes } from '../../monitoring/audit/canonical.js';
import type { RegisteredDocument } from '../../schemas/operations/load-documents.js';
import type { FootprintDependencies } from '../planning/footprint/footprint.js';
import type { PlannedDocument } from '../planning/plan.js';
import { describePlan } from '../planning/render/describe-plan.js';
import type { DescribedNode, DescribedPerson } from '../planning/render/description.js';

/** What a trusted document can reach, in words. This is what an officer approves. Lists are sorted. */
export interface DocumentReach {
  readonly name: string;
  /** SHA-256 of its text, hex. */
  readonly document: string;
  /** Agency that is responsible for the document. */
  readonly owner: string;
  /** Callers that may ask it. */
  readonly allowed: readonly string[];
  readonly purposes: readonly string[];
  readonly registers: readonly string[];
  /** `property.land, disclose`. */
  readonly categories: readonly string[];
  /** Persons whose data is read: `named by iin`, `child at citizen.children`. */
  readonly subjects: readonly string[];
}

/** Returns the most that a document can reach. `planned`: its plans, one for each combination of its conditions, or one with all conditions open. */
export function reachOf(
  { name, hash, owner, allowed, purposes }: RegisteredDocument,
  planned: readonly PlannedDocument[],
  dependencies: FootprintDependencies,
): DocumentReach {
  const plans = planned.flatMap((one) => describePlan(one, dependencies).plan ?? []);
  const footprint = planned.flatMap((one) => one.footprint);
  return {
    name,
    document: hash,
    owner,
    allowed: sorted(allowed),
    purposes: sorted(purposes),
    registers: sorted(footprint.map(({ register }) => register)),
    categories: sorted(footprint.map(({ category, access }) => `${category}, ${access}`)),
    subjects: sorted(plans.flatMap(subjectsIn)),
  };
}

function subjectsIn(node: DescribedNode): readonly string[] {
  switch (node.kind) {
    case 'fetch':
      return node.asks.flatMap(({ subjects, finds }) => [
        ...subjects.map(({ person }) => inWords(person)),
        ...finds.map(({ role, at }) => `${role} at ${at}`),
      ]);
    case 'condition':
      return [node.ifTrue, node.ifFalse].flatMap((branch) => (branch === undefined ? [] : subjectsIn(branch)));
    default:
      return node.nodes.flatMap(subjectsIn);
  }
}

function inWords(person: DescribedPerson): string {
  switch (person.by) {
    case 'argument':
      return `named by ${person.variable}`;
    case 'link':
      return `${person.role} at ${person.at}`;
    default:
      return 'nobody named';
  }
}

const sorted = (words: readonly string[]): readonly string[] => [...new Set(words)].sort();

/** Returns the SHA-256 of the reach (RFC 8785), hex. Two reaches have the same fingerprint if and only if there is nothing new to approve. */
export function fingerprintOf(reach: DocumentReach): string {
  return createHash('sha256').update(canonicalBytes(reach)).digest('hex');
}

const WORDS = {
  owner: 'owner',
  allowed: 'caller',
  purposes: 'purpose',
  registers: 'register',
  categories: 'category',
  subjects: 'subject',
} as const;

/** Returns the differences between two reaches, one line each: `+ category property.land, disclose`. */
export function reachChanges(before: DocumentReach, after: DocumentReach): readonly string[] {
  const text = before.document === after.document ? [] : ['~ text'];
  const lists = Object.entries(WORDS).flatMap(([key, word]) => {
    const listed = (reach: DocumentReach): readonly string[] => [reach[key as keyof typeof WORDS]].flat();
    const [old, now] = [listed(before), listed(after)];
    return [
      ...old.filter((one) => !now.includes(one)).map((one) => `- ${word} ${one}`),
      ...now.filter((one) => !old.includes(one)).map((one) => `+ ${word} ${one}`),
    ];
  });
  return [...text, ...lists];
}
