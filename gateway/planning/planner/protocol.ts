import type { PlanNode } from '@graphql-hive/router-query-planner';

/** A request to a planner's process; one at a time. */
export type PlannerRequest =
  | { readonly load: { readonly key: string; readonly supergraphSdl: string } }
  | {
      readonly plan: {
        readonly key: string;
        readonly document: string;
        readonly operationName?: string | undefined;
        readonly share: number;
      };
    };

/** `planned` without a node: no register is needed. */
export type PlannerReply =
  | { readonly loaded: { readonly overridePercentages: readonly number[] } }
  | { readonly planned: { readonly node?: PlanNode | undefined } }
  | { readonly failed: PlannerFailure };

/**
 * `unavailable`: the native library cannot be loaded. `supergraph`: the planner does not accept the
 * supergraph. `unknown`: the supergraph of the request is not loaded. `document`: the planner cannot plan
 * the document.
 */
export type PlannerFailure = 'unavailable' | 'supergraph' | 'unknown' | 'document';
