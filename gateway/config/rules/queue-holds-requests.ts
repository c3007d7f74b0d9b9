import type { ConfigRule } from './rule.js';

/** Every request in progress may wait for its entry, so the queue of the log holds as many. */
export const queueHoldsRequests: ConfigRule = ({ audit, server: { limits } }) =>
  audit.queue < limits.max_in_flight
    ? [
        {
          path: ['audit', 'queue'],
          problem: `must be at least ${limits.max_in_flight}, as server.limits.max_in_flight: each request in progress may wait for its entry`,
        },
      ]
    : [];
