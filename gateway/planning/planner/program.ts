import type { QueryPlanner } from '@graphql-hive/router-query-planner';
import { Signals } from '../../signals.js';
import { loadNativePlanner } from './native-planner.js';
import type { PlannerReply, PlannerRequest } from './protocol.js';

/** Number of supergraphs kept: the current one, and another while it is replaced. */
const MAX_SUPERGRAPHS = 2;

/** The program of a planner's process. It answers the requests of its parent, and ends when the parent does. */
function main(): void {
  const planners = new Map<string, QueryPlanner>();
  process.on('message', (request: PlannerRequest) => {
    process.send?.(answer(request, planners));
  });
  process.once('disconnect', () => process.exit());
  // Signals are sent to the whole group. The parent acts on them, and still needs plans while it drains.
  new Signals('planner');
}

function answer(request: PlannerRequest, planners: Map<string, QueryPlanner>): PlannerReply {
  return 'load' in request ? load(request.load, planners) : plan(request.plan, planners);
}

function load(
  { key, supergraphSdl }: Extract<PlannerRequest, { load: unknown }>['load'],
  planners: Map<string, QueryPlanner>,
): PlannerReply {
  let native;
  try {
    native = loadNativePlanner();
  } catch {
    return { failed: 'unavailable' };
  }
  try {
    const planner = new native.QueryPlanner(supergraphSdl);
    planners.set(key, planner);
    for (const oldest of [...planners.keys()].slice(0, -MAX_SUPERGRAPHS)) planners.delete(oldest);
    return { loaded: { overridePercentages: planner.overridePercentages } };
  } catch {
    return { failed: 'supergraph' };
  }
}

function plan(
  { key, document, operationName, share }: Extract<PlannerRequest, { plan: unknown }>['plan'],
  planners: Map<string, QueryPlanner>,
): PlannerReply {
  const planner = planners.get(key);
  if (planner === undefined) return { failed: 'unknown' };
  try {
    // May block: nothing else runs in this process, and the parent ends it at the deadline.
    return { planned: planner.plan(document, operationName, new Set<string>(), share) };
  } catch {
    return { failed: 'document' };
  }
}

main();
