import { expect } from 'chai';
import { loadNativePlanner, type PlannerPackage } from '../../../../gateway/planning/planner/native-planner.js';
import { createPlanner } from '../../../../gateway/planning/planner/planner.js';
import { describePlanner } from '../../../ports/planner.js';
import { CATALOGUE, citizen, refusal } from '../preparing.js';

describePlanner('The planner of this process', () => ({
  planner: async (supergraphSdl) => createPlanner(supergraphSdl, { deadlineMs: 60_000 }),
  close: async () => undefined,
}));

describe('planning: planner', () => {
  it('ends at its deadline', async () => {
    class EndlessPlanner extends loadNativePlanner().QueryPlanner {
      override planAsync(
        ...[, , , , signal]: Parameters<InstanceType<PlannerPackage['QueryPlanner']>['planAsync']>
      ): Promise<never> {
        return new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(new Error('Planning cancelled'))),
        );
      }
    }
    const endless = createPlanner(CATALOGUE.supergraphSdl, { deadlineMs: 5 }, { QueryPlanner: EndlessPlanner });
    // The deadline's own timer keeps no process alive.
    const alive = setInterval(() => undefined, 5);
    expect(await refusal(endless.plan(citizen('sex'), undefined, 0))).to.equal('PLAN_FAILED deadline');
    clearInterval(alive);
  });
});
