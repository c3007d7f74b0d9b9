import { LRUCache } from 'lru-cache';
import type { Access, AgeClass, Basis, Caller, NexusKind } from '../../schemas/vocabulary.js';
import type { CategoryDecision, DecisionEngine, NexusWord, PolicyDecision, Permission } from './port.js';
import type { Purposes } from './purposes.js';

/** Every kind of nexus. */
export const NEXUS_KINDS: readonly NexusKind[] = ['application', 'list', 'relation', 'self'];

export interface CategoryQuestion {
  readonly caller: Caller;
  readonly purpose: string;
  readonly category: string;
  readonly access: Access;
  /** The agency that leads the case is the caller's own. */
  readonly ownCase: boolean;
}

/** Decides categories, and keeps the decisions in memory. */
export interface CategoryDecisions {
  decide(question: CategoryQuestion): CategoryDecision;
}

/**
 * Returns category decisions that are kept in a bounded memory. The key of a decision is the policy set
 * and everything that the policies see of the question, so that a kept decision never expires.
 */
export function createCategoryDecisions(parts: {
  readonly engine: DecisionEngine;
  readonly purposes: Purposes;
  readonly maxEntries: number;
}): CategoryDecisions {
  const remembered = new LRUCache<string, CategoryDecision>({ max: parts.maxEntries });
  return {
    decide: (question) => {
      const key = keyOf(parts.engine.digest, question);
      const known = remembered.get(key);
      if (known !== undefined) return known;
      const decision = permissionsFor(parts.engine, parts.purposes, question);
      remembered.set(key, decision);
      return decision;
    },
  };
}

function keyOf(digest: string, { caller, purpose, category, access, ownCase }: CategoryQuestion): string {
  return JSON.stringify([
    digest,
    caller.kind,
    caller.agency?.id,
    caller.agency?.bin,
    caller.system,
    caller.assurance,
    purpose,
    category,
    access,
    ownCase,
  ]);
}

/**
 * Returns every permission of this caller for a category and purpose: statutory bases first, in the
 * order of the purposes file, with those for data about no person last, then consent. Without a permission the category
 * is denied. An unknown purpose has none.
 */
export function permissionsFor(
  engine: DecisionEngine,
  purposes: Purposes,
  question: CategoryQuestion,
): CategoryDecision {
  const bases = purposes.get(question.purpose)?.bases ?? [];
  const statutory = bases.filter((basis) => basis !== 'consent');
  const permissions = statutory.flatMap((basis) =>
    NEXUS_KINDS.flatMap((nexus) => permissionsByAge(engine, question, basis, nexus)),
  );
  permissions.push(...statutory.flatMap((basis) => permissionsWithoutPerson(engine, question, basis)));
  if (bases.includes('consent')) permissions.push(...permissionsByAge(engine, question, 'consent', 'none'));
  return { category: question.category, access: question.access, permissions };
}

/** Most combinations of basis, nexus and age are not allowed by any rule, and a decision about each takes time. */
const NOT_ALLOWED = { allowed: false, policies: [], laws: [] };

/** Returns the permission of a decision for data about no person. */
export function permissionWithoutPerson({ permissions }: CategoryDecision): Permission | undefined {
  return permissions.find(({ basis, nexus }) => basis !== 'consent' && nexus === undefined);
}

function permissionsByAge(
  engine: DecisionEngine,
  question: CategoryQuestion,
  basis: Basis,
  nexus: NexusWord,
): readonly Permission[] {
  const decide = (age: AgeClass): Pick<PolicyDecision, 'allowed' | 'policies' | 'laws'> => {
    const { caller, access: action, category, purpose, ownCase } = question;
    const asked = { caller, action, category, purpose, basis, nexus, age, ownCase } as const;
    return engine.mayAllow(asked) ? engine.decide(asked) : NOT_ALLOWED;
  };
  const permission = ({ policies, laws }: Pick<PolicyDecision, 'policies' | 'laws'>, age?: AgeClass): Permission => ({
    basis,
    ...(nexus === 'none' || nexus === 'no_subject' ? {} : { nexus }),
    ...(age === undefined ? {} : { age }),
    policies,
    laws,
  });
  const minor = decide('minor');
  const adult = decide('adult');
  if (minor.allowed && adult.allowed && sameReasons(minor, adult)) return [permission(adult)];
  return [
    ...(minor.allowed ? [permission(minor, 'minor')] : []),
    ...(adult.allowed ? [permission(adult, 'adult')] : []),
  ];
}

/**
 * Returns the permission for data about no person: of organisations, codes, documents. There is none for a category about
 * people, also where the rules forget to ask for a nexus. No person has no age, so the rules must allow it for every age.
 */
function permissionsWithoutPerson(
  engine: DecisionEngine,
  question: CategoryQuestion,
  basis: Basis,
): readonly Permission[] {
  if (engine.concernsPeople(question.category)) return [];
  return permissionsByAge(engine, question, basis, 'no_subject').filter(({ age }) => age === undefined);
}

function sameReasons(one: Pick<PolicyDecision, 'policies'>, other: Pick<PolicyDecision, 'policies'>): boolean {
  return one.policies.join(' ') === other.policies.join(' ');
}
