/** What is answered besides queries for data. Subscriptions never are. */
export interface Answered {
  readonly mutations: boolean;
  /** `__schema` and `__type` (GraphQL spec, section 4.2). */
  readonly introspection: boolean;
}

/** Where documents are governed: no writing, and no map of what there is to ask. */
export const QUERIES_ONLY: Answered = { mutations: false, introspection: false };

/** Where nothing is governed. */
export const EVERYTHING_BUT_SUBSCRIPTIONS: Answered = { mutations: true, introspection: true };
