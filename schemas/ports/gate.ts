import type { Access, Basis, ConsentClaim, NexusKind } from '../vocabulary.js';

/** A person that an execution reads about: named by the question, or reached by a link from another person. */
export interface SubjectRef {
  /** The identifier (IIN). Never logged. */
  readonly id: string;
  /** `self` for a person that the question names, otherwise the role of the link (`spouse`, `child`, `household`). */
  readonly role: string;
  /** The person whose record holds the link. */
  readonly via?: SubjectRef;
}

/** May these categories of this subject be read, and disclosed? */
export interface GateQuestion {
  readonly subject: SubjectRef;
  readonly categories: readonly CategoryAccess[];
  /** Links that start at this subject and would be read with them. */
  readonly links?: readonly LinkQuestion[];
  /** Codes of the dwellings that a record about this subject tells. */
  readonly dwellings?: readonly string[];
}

/** A link from a subject to other people, who are not known yet. */
export interface LinkQuestion {
  /** `spouse`, `child`, `household`. */
  readonly role: string;
  /** What would be read of each person that it leads to. */
  readonly categories: readonly CategoryAccess[];
}

export interface CategoryAccess {
  readonly category: string;
  readonly access: Access;
}

/** The gate's answer about one person. A category that the answer does not contain is withheld. */
export interface GateAnswer {
  /** Granted categories, each with its basis. A category asked for reading and for disclosing is granted only when both are. */
  readonly granted: ReadonlyMap<string, Grant>;
  /** Categories that are not granted, each with its error code and, if a citizen can be asked, the sealed request. */
  readonly withheld: ReadonlyMap<string, Withheld>;
  /**
   * Categories that would be granted if this person were not protected. They are neither granted nor
   * withheld. If there is one, the answer is as if no register had the person, and nothing is granted.
   */
  readonly absent?: ReadonlySet<string>;
  /**
   * For each link of the question, in its order: the categories that can be granted of no person that it may lead to, on
   * any basis and with any consent.
   */
  readonly closedLinks?: readonly ReadonlySet<string>[];
  /** The dwellings of the question that may be shown. Any other is treated as one that the register does not have. */
  readonly visibleDwellings?: ReadonlySet<string>;
  /**
   * Set with `absent`: a number that was never issued. Registers are asked about it instead, so that calls, durations and
   * failures are those of a number that no one has. Without it no register is asked.
   */
  readonly decoy?: string;
}

export interface Grant {
  readonly basis: Basis;
  readonly nexus?: NexusKind;
  /** Ids of the policies that determined the grant. */
  readonly policies: readonly string[];
  /** Set when the basis is consent. */
  readonly claim?: ConsentClaim;
}

export interface Withheld {
  readonly code: 'CONSENT_REQUIRED' | 'CONSENT_EXPIRED' | 'CONSENT_SUSPENDED' | 'CONSENT_WITHDRAWN' | 'POLICY_DENIED';
  /** Sealed token with which the citizen can be asked. No identifier is readable in it. */
  readonly consentRequest?: string;
}

/**
 * The consent gate of one request. It decides per subject: before a register is called, and before a
 * record about a person found in an answer is merged.
 *
 * Contract: one call decides a whole batch, with the answers in the order of the questions. A failure
 * rejects, and the executor then makes no call (fail closed). No answer depends on the other subjects of
 * the batch, and none names a category that was not asked. Answers depend on caller, purpose, case,
 * categories, identifiers, nexus, consents and protection only, never on what a register holds.
 */
export interface Gate {
  decide(questions: readonly GateQuestion[]): Promise<readonly GateAnswer[]>;
  /**
   * Decides on data about no person, such as an organisation that a question names by its number. Grants only what the rules
   * open on a basis other than consent and without a nexus, and never a category about people.
   */
  decideWithoutPerson(categories: readonly CategoryAccess[]): GateAnswer;
  /**
   * Counts a person that the answer names to the caller. People who stay hidden are not counted, so that no outcome depends on
   * them.
   *
   * @throws `Refusal` TOO_MANY_SUBJECTS above the ceiling of the purpose.
   */
  countTold(subject: SubjectRef): void;
}
