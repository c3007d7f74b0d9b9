import { Refusal } from '../../../schemas/refusal.js';
import { convertPlan } from './convert-plan.js';
import { loadNativePlanner, type PlannerPackage } from './native-planner.js';
import type { Planner } from '../plan.js';

export interface PlannerOptions {
  /** Time for one plan, in milliseconds. */
  readonly deadlineMs: number;
}

/**
 * The planner port on `@graphql-hive/router-query-planner`, in this process. It is for tools that plan
 * documents of their own. A gateway plans in other processes (planner-processes.ts), because some
 * documents make the native code abort its process. Plans off the main thread, under a deadline. Any
 * error of the native planner becomes one refusal without details. Node kinds that Tereze does not know
 * are refused, never skipped. Throws `PlannerUnavailable` if the native library cannot be loaded.
 */
export function createPlanner(
  supergraphSdl: string,
  { deadlineMs }: PlannerOptions,
  { QueryPlanner }: PlannerPackage = loadNativePlanner(),
): Planner {
  const native = new QueryPlanner(supergraphSdl);
  return {
    overridePercentages: native.overridePercentages,
    plan: async (document, operationName, share) => {
      const deadline = AbortSignal.timeout(deadlineMs);
      const planned = await native
        .planAsync(document, operationName, new Set<string>(), share, deadline)
        .catch((cause: unknown) => {
          throw new Refusal('PLAN_FAILED', { reasons: [deadline.aborted ? 'deadline' : 'planner'], cause });
        });
      return planned.node === undefined ? undefined : convertPlan(planned.node);
    },
  };
}
