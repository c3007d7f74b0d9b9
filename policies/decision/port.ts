import type { Access, AgeClass, Basis, Caller, NexusKind } from '../../schemas/vocabulary.js';

/**
 * May this caller, for this purpose, read or disclose this category, on this basis?
 *
 * Contract: default deny. An evaluation error, a missing entity or an unknown word denies, and `errors`
 * names it. Pure for one policy set: the same question has the same answer.
 */
export interface DecisionEngine {
  /** SHA-256 of the whole policy set, hex; in every decision's entry. */
  readonly digest: string;
  decide(question: PolicyQuestion): PolicyDecision;
  /**
   * Returns false only for a question that `decide` does not allow: no permit can apply to it. Costs a fraction of
   * `decide`, and gives no reasons.
   */
  mayAllow(question: PolicyQuestion): boolean;
  /**
   * Whether data of this category are about people. An unknown category counts as one that is, and so does every one where
   * the rules have no word for data about no person.
   */
  concernsPeople(category: string): boolean;
}

/**
 * The nexus in a question to the rules. `none`: the person has none, or it does not matter which, as for a consent.
 * `no_subject`: the data are about no person, and so no one can have one.
 */
export type NexusWord = NexusKind | 'none' | 'no_subject';

export interface PolicyQuestion {
  readonly caller: Caller;
  readonly action: Access | 'issue_handle';
  /** Category name. For `issue_handle`, `receiver` holds the receiving client id. */
  readonly category: string;
  readonly purpose: string;
  readonly basis: Basis;
  readonly nexus: NexusWord;
  readonly age: AgeClass;
  /** The agency that leads the case is the caller's own. */
  readonly ownCase: boolean;
  readonly receiver?: string;
}

export interface PolicyDecision {
  readonly allowed: boolean;
  /** The `@id`s of the policies that determined the decision. */
  readonly policies: readonly string[];
  /** Their `@law` annotations. */
  readonly laws: readonly string[];
  /** Ids of policies whose evaluation failed. Never empty when an error denied. */
  readonly errors: readonly string[];
}

/**
 * One combination of basis, nexus and age class on which the rules let a caller have a category. The
 * gate takes the first permission that a subject fulfils.
 */
export interface Permission {
  readonly basis: Basis;
  /** Absent for consent. Absent on another basis: holds only for data about no person, which nothing has to tie to the case. */
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
