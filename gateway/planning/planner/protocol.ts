import type { PlanNode } from '@graphql-hive/router-query-planner';

/** What a planner's process is asked, one thing at a time. */
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

/** `planned` without a node: nothing to ask of any register. */
export type PlannerReply =
  | { readonly loaded: { readonly overridePercentages: readonly number[] } }
  | { readonly planned: { readonly node?: PlanNode | undefined } }
  | { readonly failed: PlannerFailure };

/**
 * `unavailable`: the native library does not load here. `supergraph`: it does not take the supergraph.
 * `unknown`: of a supergraph that was not loaded. `document`: it has no plan for the document.
 */
export type PlannerFailure = 'unavailable' | 'supergraph' | 'unknown' | 'document';
