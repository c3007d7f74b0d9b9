import type { Access } from '../../../schemas/vocabulary.js';

/** A plan as people and programs read it: what is asked of whom, in which order, about whom. Plain data, as `tereze schema plan --json` prints it. */
export interface PlanDescription {
  /** Name of the operation. */
  readonly operation: string | null;
  /** SHA-256 of the document, hex. */
  readonly document: string;
  /** Hash of the catalogue that it was planned with. */
  readonly catalogue: string;
  /** Calls at most: a call about nobody, or about whom nothing may be told, is not made. */
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
  /** Its place in the plan, from 1. */
  readonly number: number;
  readonly register: string;
  /** One for everybody, however many places and grants there are. */
  readonly calls: 1;
  /** What the call asks: one for each root field, or for each list of entities. */
  readonly asks: readonly DescribedAsk[];
}

/** What one call asks about some persons. */
export interface DescribedAsk {
  readonly subjects: readonly DescribedSubject[];
  readonly sends: readonly DescribedField[];
  readonly reads: readonly DescribedRead[];
  /** Other persons whom the answer names; each is decided on before anything of them is shown. */
  readonly finds: readonly DescribedLink[];
}

/** Whose data is read at one place of the answer. */
export interface DescribedSubject {
  /** Path that the client wrote, dotted. */
  readonly at: string;
  readonly person: DescribedPerson;
  /** `Type.field` that holds the person's number in what is sent; absent where what is asked for is not itself about a person. */
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
  /** The question names nobody. */
  | { readonly by: 'nobody' }
  /** Nothing is governed: who it is about is not said. */
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
  /** Null where nothing is governed. */
  readonly category: string | null;
}

export interface DescribedRead extends DescribedField {
  /** `read`: on the way, shown to nobody. */
  readonly access: Access;
}
