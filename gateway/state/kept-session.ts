import type { PreparedNames } from './prepared-names.js';

/**
 * How the server plans a statement that has values: once for all values, or as it thinks best for these, which mostly means
 * again each time.
 */
export type Plans = 'for_any_values' | 'for_these_values';

/**
 * What the server process of one connection keeps from one statement to the next. A statement that is sent often is planned
 * once: for those of a request the planning costs more than the work. All others keep plans of their own, because a search
 * is slow with a plan that knows none of what is sought.
 */
export interface KeptSession {
  readonly names: PreparedNames;
  plans: Plans;
}
