import type { Access, AgeClass, Basis, Caller, NexusKind } from '../../schemas/vocabulary.js';

/**
 * May this caller, for this purpose, read or disclose this category, on this basis?
 *
 * Contract: default deny; any evaluation error, missing entity or unknown word denies and says so
 * in `errors`. Pure for one policy set: same question, same answer, until `validUntil`.
 */
export interface DecisionEngine {
  /** SHA-256 of the whole policy set, hex; in every decision's entry. */
  readonly digest: string;
  decide(question: PolicyQuestion): PolicyDecision;
}

export interface PolicyQuestion {
  readonly caller: Caller;
  readonly action: Access | 'issue_handle';
  /** Category name; for `issue_handle` the receiving client id is in `receiver`. */
  readonly category: string;
  readonly purpose: string;
  readonly basis: Basis;
  readonly nexus: NexusKind | 'none';
  readonly age: AgeClass;
  /** The agency that leads the case is the caller's own. */
  readonly ownCase: boolean;
  readonly receiver?: string;
}

export interface PolicyDecision {
  readonly allowed: boolean;
  /** `@id`s of the policies that determined the decision. */
  readonly policies: readonly string[];
  /** Their `@law` annotations. */
  readonly laws: readonly string[];
  /** Ids of policies whose evaluation failed; never empty when an error denied. */
  readonly errors: readonly string[];
}

/**
 * One combination of basis, nexus and age class on which the rules let a caller have a category. The
 * gate takes the first permission that a subject fulfils.
 */
export interface Permission {
  readonly basis: Basis;
  /** Required when the basis is not consent. */
  readonly nexus?: NexusKind;
  /** Age class for which it holds. Absent: for every age. */
  readonly age?: AgeClass;
  readonly policies: readonly string[];
  readonly laws: readonly string[];
}

/** The permissions that a caller has for one category and access. Without any, the category is denied. */
export interface CategoryDecision {
  readonly category: string;
  readonly access: Access;
  readonly permissions: readonly Permission[];
}
