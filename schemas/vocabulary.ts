/**
 * The words of Tereze as types. Every room uses these, and only these.
 */

/** What makes a disclosure lawful. */
export type Basis = 'consent' | 'legal_obligation' | 'public_task' | 'vital_interest' | 'contract';

/** The kind of party behind a request. */
export type CallerKind = 'system' | 'officer' | 'ai' | 'citizen';

/** A state organisation. */
export interface Agency {
  /** Business identification number, 12 digits. */
  readonly bin: string;
  /** Short stable name, as in the configuration: `housing`. */
  readonly id: string;
}

/**
 * The authenticated party. Made only by `authenticate`; nothing in it comes from a header or an
 * argument that the token does not cover.
 */
export interface Caller {
  /** Absent only for citizens, who act for themselves. */
  readonly agency?: Agency;
  /** The registered client (OAuth `client_id`). */
  readonly system: string;
  readonly kind: CallerKind;
  /** For `kind: officer` only: opaque id of the officer who is signed in. */
  readonly officer?: string;
  /** For `kind: system` and `kind: ai` only: the officer that it acts for. */
  readonly actor?: Actor;
  /** For `kind: ai` only: the model behind the service, as its registration names it. */
  readonly model?: Model;
  /** How surely the person behind the caller was authenticated, as the configuration maps the token's `acr`. */
  readonly assurance: Assurance;
  /** For `kind: citizen` only: the identifier of the person signed in. Never logged. */
  readonly person?: string;
}

/**
 * Opaque id of the officer that a system or AI service acts for. It is the `sub` of a token from an exchange (RFC 8693)
 * whose only actor (`act.sub`) is the client.
 */
export type Actor = string;

/** A model of an AI service and its version. The registration names both; no request does. */
export interface Model {
  readonly id: string;
  readonly version: string;
}

/** The matter at hand. */
export interface Case {
  /** Short id of the agency that leads the case. */
  readonly agency: string;
  readonly number: string;
}

/** What the contract says of a record. */
export type Verdict = 'pass' | 'flagged' | 'rejected' | 'not_evaluated';

/** The values of the GraphQL enum `Sensitivity` (`directives.graphql`), from the mildest to the strictest. */
export const SENSITIVITIES = ['OPEN', 'OFFICIAL', 'PERSONAL', 'SENSITIVE'] as const;

/** How sensitive a category is (`@category(sensitivity:)`). */
export type Sensitivity = (typeof SENSITIVITIES)[number];

/**
 * Levels of assurance of an authentication, from the weakest to the strongest (Regulation (EU) No 910/2014, article 8).
 * `none`: the issuer states no level, or one that the configuration does not map.
 */
export const ASSURANCES = ['none', 'low', 'substantial', 'high'] as const;

/** A level of assurance of an authentication. */
export type Assurance = (typeof ASSURANCES)[number];

/** `disclose`: the client sees it. `read`: it is read on the way (keys, `@requires`, sources of derived fields). */
export type Access = 'read' | 'disclose';

/** The verified fact that ties a subject to a case. `relation`: proven by a register within this request. */
export type NexusKind = 'application' | 'list' | 'relation' | 'self';

/** Age class in law, from the identifier and fact time: known before any register is called. */
export type AgeClass = 'minor' | 'adult';

/** One revision of a consent record that a disclosure relied on. */
export interface ConsentClaim {
  readonly consentId: string;
  readonly revision: number;
}
