import type { Planner } from '../planning/plan.js';
import { PlannerProcesses } from '../planning/planner/planner-processes.js';

const PLAN_DEADLINE_MS = 30_000;

/** Runs a command's work with a planner of its own, and leaves no process of it behind. */
export async function withPlanner<T>(supergraphSdl: string, work: (planner: Planner) => Promise<T>): Promise<T> {
  const processes = new PlannerProcesses({ processes: 1, deadlineMs: PLAN_DEADLINE_MS });
  try {
    return await work(await processes.planner(supergraphSdl));
  } finally {
    await processes.close();
  }
}
