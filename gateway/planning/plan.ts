import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { Deprecation } from './document/deprecations.js';
import type { LoggedNames } from './document/logged-names.js';
import type { Access } from '../../schemas/vocabulary.js';

/**
 * Tereze's own query plan: what the planner port returns, checked node by node. Names follow the
 * planner's (reference: federation query plans) so that golden plans stay readable.
 */
export type PlanNode = SequenceNode | ParallelNode | ConditionNode | FetchNode | EntityFetchNode;

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly nodes: readonly PlanNode[];
}

export interface ParallelNode {
  readonly kind: 'parallel';
  readonly nodes: readonly PlanNode[];
}

/** From @skip / @include with a variable. */
export interface ConditionNode {
  readonly kind: 'condition';
  readonly variable: string;
  readonly ifTrue?: PlanNode;
  readonly ifFalse?: PlanNode;
}

/** A root fetch: its answer is merged at the top. */
export interface FetchNode {
  readonly kind: 'fetch';
  readonly register: string;
  /** The operation for this register, parsed, with fragments inlined. */
  readonly operation: OperationDefinitionNode;
  /** Client variables to forward. */
  readonly variables: readonly string[];
  readonly outputRewrites: readonly Rewrite[];
}

/**
 * A fetch of entities by representations. One node for the planner's Flatten(Fetch) and BatchFetch:
 * one operation, one or more entity lists ("aliases"), each with the paths of its entities.
 */
export interface EntityFetchNode {
  readonly kind: 'entities';
  readonly register: string;
  readonly operation: OperationDefinitionNode;
  readonly variables: readonly string[];
  readonly lists: readonly EntityList[];
}

export interface EntityList {
  /** Response key of the `_entities` field in the operation. */
  readonly alias: string;
  /** Name of its representations variable. */
  readonly variable: string;
  readonly paths: readonly (readonly PathStep[])[];
  readonly requires: readonly RequiredSelection[];
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
}

export type PathStep =
  | { readonly kind: 'field'; readonly key: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'type'; readonly names: readonly string[] };

export type RequiredSelection =
  | { readonly kind: 'type'; readonly name: string; readonly selections: readonly RequiredSelection[] }
  | {
      readonly kind: 'field';
      /** Key read from the entity. */
      readonly from: string;
      /** Key written into the representation. */
      readonly to: string;
      readonly selections: readonly RequiredSelection[];
    };

export type Rewrite =
  | { readonly kind: 'set'; readonly path: readonly RewriteStep[]; readonly value: string }
  | { readonly kind: 'rename'; readonly path: readonly RewriteStep[]; readonly to: string };

export type RewriteStep =
  { readonly kind: 'type'; readonly names: readonly string[] } | { readonly kind: 'key'; readonly name: string };

/**
 * The planner port. Contract:
 *
 * - The caller has validated `document` on the public schema and checked the linear limits (the native
 *   planner crashes on cyclic fragments).
 * - It plans off the main thread, any number of documents at once, and returns the same plan for the
 *   same document, operation name, share and supergraph.
 * - It rejects with a `Refusal` of code `PLAN_FAILED` for a document that it cannot plan, for a node that
 *   it does not know, or at its deadline. It stays usable for every other document.
 */
export interface Planner {
  /** Percentages of the supergraph's progressive overrides. */
  readonly overridePercentages: readonly number[];
  /** Resolves with undefined if no register is needed. `share`: of the question, 0 to below 100, see override-share.ts. */
  plan(document: string, operationName: string | undefined, share: number): Promise<PlanNode | undefined>;
}

/** A prepared document, ready to be executed any number of times. It belongs to one document, operation name, share, combination of conditions and catalogue. */
export interface PlannedDocument {
  /** SHA-256 of the exact bytes of the document, hex. */
  readonly documentHash: string;
  readonly operationName: string | undefined;
  readonly loggedNames: LoggedNames;
  /** Present for a trusted document. */
  readonly trusted?: TrustedDocument;
  /** As the client wrote it, parsed and validated. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /**
   * The operation after alias hardening, fragments kept: each alias that differs from its field's
   * name became `_a_<alias>`. Response data inside the executor carries these keys.
   */
  readonly hardened: DocumentNode;
  readonly plan: PlanNode | undefined;
  /** The part of the operation that asks about the schema, in the client's keys; absent if there is none. */
  readonly introspective?: OperationDefinitionNode;
  /** Everything that the plan reads, keys and `@requires` included. */
  readonly footprint: readonly FootprintEntry[];
  /** Hash of the catalogue that it was planned with. */
  readonly catalogueHash: string;
  /** Variables of a nullable type for which null is an error, because of where the document uses them. */
  readonly nonNullVariables: readonly string[];
  /** Variables whose value is a person handle. */
  readonly handleVariables: readonly string[];
  /** Root fields, each with the variable that names its subject. */
  readonly rootSubjects: readonly RootSubject[];
  /** Deprecated fields that the document asks for. */
  readonly deprecations: readonly Deprecation[];
  /** True when the operation is declared `@atomic` (trusted documents only). */
  readonly atomic: boolean;
}

export interface RootSubject {
  readonly register: string;
  readonly field: string;
  /** The variable that holds the subject's value; absent if the question gives the subject argument no value. */
  readonly source?: { readonly variable: string };
  /** What the subject argument takes; absent if the field has none. */
  readonly form?: 'identifier' | 'handle';
}

export interface TrustedDocument {
  readonly name: string;
  readonly purposes: readonly string[];
  /** Client ids or agency ids that may ask the document. */
  readonly allowed: readonly string[];
  /** If any basis is missing, nothing governed is released. */
  readonly atomic: boolean;
}

/** One schema coordinate that the plan reads. */
export interface FootprintEntry {
  readonly register: string;
  /** `Type.field`. */
  readonly coordinate: string;
  readonly category: string;
  readonly access: Access;
  /** Paths that the client wrote and that need this field, as dotted response keys (`citizen.spouse.lastName`). Never empty. */
  readonly clientPaths: readonly string[];
  /** False if the field is read only about persons that a link leads to. True if it may also be read about a person that the question names. */
  readonly ofNamed: boolean;
  /** True if the field may be read below a root field that has no subject argument, and so names no person. */
  readonly ofNoPerson?: true;
}
