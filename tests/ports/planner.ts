import { expect } from 'chai';
import type { Planner } from '../../gateway/planning/plan.js';
import { CATALOGUE, citizen, refusal } from '../gateway/planning/preparing.js';

export interface PlannerUnderTest {
  /** Planners of a supergraph; any number of them. */
  readonly planner: (supergraphSdl: string) => Promise<Planner>;
  close(): Promise<void>;
}

const WIDE = citizen('sex registration { city household { iin } } lands { area } spouse { vehicles { year } }');

/** What every `Planner` promises, over the repository's registers. `open` is called once. */
export function describePlanner(name: string, open: () => PlannerUnderTest): void {
  describe(`${name} keeps the contract of Planner`, () => {
    let under: PlannerUnderTest;
    let planner: Planner;

    before(async () => {
      under = open();
      planner = await under.planner(CATALOGUE.supergraphSdl);
    });
    after(() => under.close());

    it('plans over several registers', async () => {
      const plan = await planner.plan(citizen('sex lands { area }'), undefined, 0);
      expect(plan).to.have.nested.property('nodes[0].register', 'population');
      expect(plan).to.have.nested.property('nodes[1].register', 'property');
    });

    it('makes one refusal of every failure inside, and plans on', async () => {
      expect(await refusal(planner.plan('{ nope }', undefined, 0))).to.equal('PLAN_FAILED planner');
      expect(await refusal(planner.plan('{', undefined, 0))).to.equal('PLAN_FAILED planner');
      expect(await refusal(planner.plan(citizen('sex'), 'Other', 0))).to.equal('PLAN_FAILED planner');
      expect(await planner.plan(citizen('sex'), undefined, 0)).to.not.equal(undefined);
    });

    it('gives the same plan every time, also at once and from another planner', async () => {
      const plans = await Promise.all(
        [planner, planner, planner, await under.planner(CATALOGUE.supergraphSdl)].map((one) =>
          one.plan(WIDE, undefined, 0),
        ),
      );
      const [first, ...others] = plans.map((plan) => JSON.stringify(plan));
      for (const other of others) expect(other).to.equal(first);
    });

    it('refuses one among many, and not the others', async () => {
      const asked = Array.from({ length: 40 }, (_, index) =>
        index % 10 === 3 ? '{ nope }' : citizen(`sex a${index}: lastName`),
      );
      const answered = await Promise.all(
        asked.map((document) =>
          planner.plan(document, undefined, 0).then(
            (plan) => (plan === undefined ? 'nothing' : 'a plan'),
            (error: { code?: string }) => error.code,
          ),
        ),
      );
      expect(answered).to.deep.equal(asked.map((document) => (document === '{ nope }' ? 'PLAN_FAILED' : 'a plan')));
    });

    it('says which shares of questions are planned apart', () => {
      expect(planner.overridePercentages).to.deep.equal([]);
    });

    it('takes no supergraph that is none', async () => {
      let failure: unknown;
      await Promise.resolve()
        .then(() => under.planner('type Query {'))
        .catch((error: unknown) => (failure = error));
      expect(failure).to.be.instanceOf(Error);
    });
  });
}
