/**
 * The floors of a folder, lowest first: its files (without `.ts`) and folders. One floor may import those below it and
 * its own, never one above, `import type` included. Every file and folder must have a floor.
 */
export const FLOORS = {
  gateway: [
    ['request', 'errors', 'planning', 'state', 'probe'],
    ['execution', 'run-pipeline', 'config', 'approvals'],
    ['auth'],
    ['stages'],
    ['pipeline', 'http'],
    ['compose'],
    ['cli'],
  ],
  'gateway/execution': [
    ['data', 'reads', 'port'],
    ['gate'],
    ['access-record'],
    ['accept'],
    ['run'],
    ['fetch', 'answer'],
    ['compile'],
    ['executor'],
    ['open-execution'],
  ],
  'gateway/planning': [
    ['document'],
    ['plan'],
    ['plan-walk', 'planner', 'variables'],
    ['footprint'],
    ['passes', 'render'],
    ['prepare'],
    ['plan-documents'],
  ],
};
