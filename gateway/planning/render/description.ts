import type { Access } from '../../../schemas/vocabulary.js';

/** A plan for readers and programs: which register is asked for what, in which order, and about which person. Plain data, as `tereze schema plan --json` prints it. */
export interface PlanDescription {
  /** Name of the operation. */
  readonly operation: string | null;
  /** SHA-256 of the document, hex. */
  readonly document: string;
  /** Hash of the catalogue that it was planned with. */
  readonly catalogue: string;
  /** Largest number of calls. A call is not made if no person is left to ask about, or if nothing may be read about them. */
  readonly calls: number;
  /** Null when no register is needed. */
  readonly plan: DescribedNode | null;
}

export type DescribedNode = DescribedGroup | DescribedCondition | DescribedFetch;

export interface DescribedGroup {
  readonly kind: 'sequence' | 'parallel';
  readonly nodes: readonly DescribedNode[];
}

/** From @skip / @include with a variable. */
export interface DescribedCondition {
  readonly kind: 'condition';
  readonly variable: string;
  readonly ifTrue?: DescribedNode;
  readonly ifFalse?: DescribedNode;
}

export interface DescribedFetch {
  readonly kind: 'fetch';
  /** Its number in the plan, from 1. */
  readonly number: number;
  readonly register: string;
  /** One call for all persons, however many paths and grants there are. */
  readonly calls: 1;
  /** The parts of the call: one for each root field, or for each list of entities. */
  readonly asks: readonly DescribedAsk[];
}

/** One part of a call: what it asks about some persons. */
export interface DescribedAsk {
  readonly subjects: readonly DescribedSubject[];
  readonly sends: readonly DescribedField[];
  readonly reads: readonly DescribedRead[];
  /** Other persons that the answer names. Each needs a decision before data about this person is shown. */
  readonly finds: readonly DescribedLink[];
}

/** The person whose data is read at one path of the answer. */
export interface DescribedSubject {
  /** Path that the client wrote, dotted. */
  readonly at: string;
  readonly person: DescribedPerson;
  /** `Type.field` that holds the person's number in what is sent; absent if the entity is not a person. */
  readonly key?: string;
}

export type DescribedPerson =
  /** Named by the question. */
  | {
      readonly by: 'argument';
      readonly argument: string;
      readonly form: 'identifier' | 'handle';
      readonly variable: string;
    }
  /** Found by a link in an earlier answer. */
  | ({ readonly by: 'link' } & DescribedLink)
  /** The question names no person. */
  | { readonly by: 'nobody' }
  /** Nothing is governed, so the registers do not say which person the data is about. */
  | { readonly by: 'unsaid' };

export interface DescribedLink {
  /** As `@subject(role:)` has it. */
  readonly role: string;
  readonly at: string;
}

/** One schema coordinate. */
export interface DescribedField {
  /** `Type.field`. */
  readonly coordinate: string;
  /** Null if nothing is governed. */
  readonly category: string | null;
}

export interface DescribedRead extends DescribedField {
  /** `read`: needed for other fields, and not shown to the caller. */
  readonly access: Access;
}
