import { expect } from 'chai';
import { loadNativePlanner, type PlannerPackage } from '../../gateway/planning/native-planner.js';
import { createPlanner } from '../../gateway/planning/planner.js';
import { CATALOGUE, citizen, refusal } from './preparing.js';

describe('planning: planner', () => {
  const planner = createPlanner(CATALOGUE.supergraphSdl, { deadlineMs: 5_000 });

  it('plans over several registers', async () => {
    const plan = await planner.plan(citizen('sex lands { area }'), undefined, 0);
    expect(plan).to.have.nested.property('nodes[0].register', 'population');
    expect(plan).to.have.nested.property('nodes[1].register', 'property');
  });

  it('makes one refusal of whatever fails within', async () => {
    expect(await refusal(planner.plan('{ nope }', undefined, 0))).to.equal('PLAN_FAILED planner');
    expect(await refusal(planner.plan(citizen('sex'), 'Other', 0))).to.equal('PLAN_FAILED planner');
  });

  it('ends at its deadline', async () => {
    class EndlessPlanner extends loadNativePlanner().QueryPlanner {
      override planAsync(...[, , , , signal]: Parameters<InstanceType<PlannerPackage['QueryPlanner']>['planAsync']>): Promise<never> {
        return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('Planning cancelled'))));
      }
    }
    const endless = createPlanner(CATALOGUE.supergraphSdl, { deadlineMs: 5 }, { QueryPlanner: EndlessPlanner });
    // The deadline's own timer keeps no process alive.
    const alive = setInterval(() => undefined, 5);
    expect(await refusal(endless.plan(citizen('sex'), undefined, 0))).to.equal('PLAN_FAILED deadline');
    clearInterval(alive);
  });

  it('gives the same plan every time, also at once and from another planner', async () => {
    const document = citizen('sex registration { city household { iin } } lands { area } spouse { vehicles { year } }');
    const plans = await Promise.all([planner, planner, createPlanner(CATALOGUE.supergraphSdl, { deadlineMs: 5_000 })].map((one) => one.plan(document, undefined, 0)));
    const [first, ...others] = plans.map((plan) => JSON.stringify(plan));
    for (const other of others) expect(other).to.equal(first);
  });
});
