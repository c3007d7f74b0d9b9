import type { PlanNode } from '../planning/plan.js';
import { compileEntityFetch } from './fetch/entity-fetch.js';
import type { FetchContext } from './fetch/prepared-calls.js';
import { compileRootFetch } from './fetch/root-fetch.js';
import { entityFetchStep } from './fetch/run-entity-fetch.js';
import { rootFetchStep } from './fetch/run-root-fetch.js';
import type { Run, Step } from './run.js';

/** Compiles a plan. Conditions are settled here, since a document is compiled for each combination of them. */
export function compileSteps(node: PlanNode | undefined, context: FetchContext): Step {
  switch (node?.kind) {
    case undefined:
      return async () => {};
    case 'sequence':
      return inSequence(node.nodes.map((child) => compileSteps(child, context)));
    case 'parallel':
      return inParallel(node.nodes.map((child) => compileSteps(child, context)));
    case 'condition':
      return compileSteps(context.truths.has(node.variable) ? node.ifTrue : node.ifFalse, context);
    case 'fetch':
      return rootFetchStep(compileRootFetch(node, context), context.admissions);
    case 'entities':
      return entityFetchStep(compileEntityFetch(node, context), context.admissions);
  }
}

function inSequence(steps: readonly Step[]): Step {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

/** Waits for every branch, so that no call outlives the execution; the first failure then rejects it. */
function inParallel(steps: readonly Step[]): Step {
  return async (run) => {
    const settled = await Promise.allSettled(steps.map((step) => endingRun(step, run)));
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
  };
}

/** A branch that fails keeps the others from making further calls. */
async function endingRun(step: Step, run: Run): Promise<void> {
  try {
    await step(run);
  } catch (error) {
    run.fail();
    throw error;
  }
}
