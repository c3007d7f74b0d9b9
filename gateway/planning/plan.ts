import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { Deprecation } from './document/deprecations.js';
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
 * one operation, one or more entity lists ("aliases"), each with the places where its targets are.
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
 * The planner port. Contract: `document` has passed validation on the public schema and the linear
 * limits (the native planner crashes on cyclic fragments); runs off the main thread; one plan for
 * one (document, operation name, share, supergraph); any number of plans at once; rejects with
 * `Refusal` code `PLAN_FAILED` for a document it can't plan, a node it does not know, or a deadline
 * that passed, and then is as good as before for every other document.
 */
export interface Planner {
  /** Percentages of the supergraph's progressive overrides. */
  readonly overridePercentages: readonly number[];
  /** `share`: of the question, 0 to below 100, see override-share.ts. */
  plan(document: string, operationName: string | undefined, share: number): Promise<PlanNode | undefined>;
}

/** A document made ready once: cached by (document, operation name, share, catalogue hash). */
export interface PlannedDocument {
  /** SHA-256 of the exact bytes of the document, hex. */
  readonly documentHash: string;
  readonly operationName: string | undefined;
  /** Registered name, when a trusted document. */
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
  /** What of the operation asks about the schema, with the client's keys; absent where nothing does. */
  readonly introspective?: OperationDefinitionNode;
  /** Everything the plan reads, keys and `@requires` included. */
  readonly footprint: readonly FootprintEntry[];
  /** Catalogue hash it was planned with. */
  readonly catalogueHash: string;
  /** Variables whose value is a person handle. */
  readonly handleVariables: readonly string[];
  /** Root fields with what names their subject. */
  readonly rootSubjects: readonly RootSubject[];
  /** Deprecated fields that it asks for. */
  readonly deprecations: readonly Deprecation[];
  /** True when the operation is declared `@atomic` (trusted documents only). */
  readonly atomic: boolean;
}

export interface RootSubject {
  readonly register: string;
  readonly field: string;
  /** The variable that holds the subject's value; absent: no subject argument. */
  readonly source?: { readonly variable: string };
  readonly form?: 'identifier' | 'handle';
}

export interface TrustedDocument {
  readonly name: string;
  readonly purposes: readonly string[];
  /** Client ids or agency ids that may ask it. */
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
  /** Paths that the client wrote and that need this, dotted response keys (`citizen.spouse.lastName`). Never empty. */
  readonly clientPaths: readonly string[];
  /** False when it is read only of persons whom a link leads to; true when also, or perhaps, of one whom the question names. */
  readonly ofNamed: boolean;
}
