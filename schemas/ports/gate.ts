import type { Access, Basis, ConsentClaim, NexusKind } from '../vocabulary.js';

/** A person, as the executor meets one: asked about, or reached by a link from another. */
export interface SubjectRef {
  /** The identifier (IIN). Never logged. */
  readonly id: string;
  /** `self` for a person whom the question names; else the role of the link (`spouse`, `child`, `household`). */
  readonly role: string;
  /** The person from whose record the link led here. */
  readonly via?: SubjectRef;
}

/** May these categories of this subject be read, and disclosed? */
export interface GateQuestion {
  readonly subject: SubjectRef;
  readonly categories: readonly CategoryAccess[];
}

export interface CategoryAccess {
  readonly category: string;
  readonly access: Access;
}

/** What the gate says of one person. A category that stands nowhere in it is withheld: silence never grants. */
export interface GateAnswer {
  /** Granted categories, with what makes it lawful; one asked for reading and for disclosing only when both are. */
  readonly granted: ReadonlyMap<string, Grant>;
  /** Categories not granted, with the code of the catalogue and, where a citizen can be asked, the sealed request. */
  readonly withheld: ReadonlyMap<string, Withheld>;
  /**
   * Categories that would be granted if this person were not protected: they are neither granted nor
   * withheld. With any, the person is one whom no register has, and nothing is granted.
   */
  readonly absent?: ReadonlySet<string>;
}

export interface Grant {
  readonly basis: Basis;
  readonly nexus?: NexusKind;
  /** Policies that determined it. */
  readonly policies: readonly string[];
  /** Set when the basis is consent. */
  readonly claim?: ConsentClaim;
}

export interface Withheld {
  readonly code: 'CONSENT_REQUIRED' | 'CONSENT_EXPIRED' | 'CONSENT_WITHDRAWN' | 'POLICY_DENIED';
  /** Sealed token with which the citizen can be asked; no identifier readable in it. */
  readonly consentRequest?: string;
}

/**
 * The consent gate of one request: decides per subject, before a register is called and before a
 * record about a person found only now is merged.
 *
 * Contract: one call decides a whole batch; answers stand in the order of the questions; a failure
 * rejects and the executor then makes no call (fail closed). No answer depends on who else stands in
 * the batch, and none names a category that was not asked. A function of caller, purpose, case,
 * categories, identifiers, nexus, consents and protection only, never of what a register holds.
 */
export interface Gate {
  decide(questions: readonly GateQuestion[]): Promise<readonly GateAnswer[]>;
}
