import { expect } from 'chai';
import fc from 'fast-check';
import { WaitingBudget, type Waiting } from '../../../../gateway/http/connections/waiting.js';

const LIMITS = { total: 6, perSource: 3, graceMs: 10 };

type Step =
  | { readonly kind: 'add'; readonly source: string | undefined }
  | { readonly kind: 'deliver'; readonly at: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'look' }
  | { readonly kind: 'make room' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      source: fc.constantFrom('a', 'b', 'c', 'd', undefined),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deliver' as const), at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'look' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'make room' as const }) },
);

/** The same in the plainest form: a list, oldest first. */
class Model {
  list: Waiting[] = [];

  takeExcess(now: number): Waiting[] {
    const taken: Waiting[] = [];
    const shrink = (of: () => readonly Waiting[], limit: number): void => {
      for (;;) {
        const [oldest, ...others] = of();
        if (oldest === undefined || others.length < limit || oldest.since > now - LIMITS.graceMs) return;
        taken.push(oldest);
        this.list = this.list.filter((one) => one !== oldest);
      }
    };
    for (const source of ['a', 'b', 'c', 'd'])
      shrink(() => this.list.filter((one) => one.source === source), LIMITS.perSource);
    shrink(() => this.list, LIMITS.total);
    return taken;
  }
}

describe('WaitingBudget', () => {
  it('does in every history what a plain list does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const budget = new WaitingBudget<Waiting>(LIMITS);
        const model = new Model();
        let now = 0;
        for (const one of steps) {
          if (one.kind === 'pass') now += one.ms;
          else if (one.kind === 'add') {
            const added = { source: one.source, since: now };
            budget.add(added);
            model.list.push(added);
          } else if (one.kind === 'deliver') {
            const delivered = model.list[one.at];
            if (delivered === undefined) continue;
            budget.delete(delivered);
            budget.delete(delivered);
            model.list = model.list.filter((other) => other !== delivered);
          } else if (one.kind === 'look') {
            expect(new Set(budget.takeExcess(now))).to.deep.equal(new Set(model.takeExcess(now)));
          } else {
            const newcomer = model.list.at(-1);
            if (newcomer === undefined) continue;
            const oldest = model.list.length > 1 ? model.list[0] : undefined;
            expect(budget.takeOldest(newcomer)).to.equal(oldest);
            model.list = model.list.filter((other) => other !== oldest);
          }
          expect(budget.size).to.equal(model.list.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lets a source that is too many hurt itself alone', () => {
    const budget = new WaitingBudget<Waiting>({ total: 100, perSource: 10, graceMs: 5 });
    const honest = { source: 'honest', since: 0 };
    budget.add(honest);
    for (let now = 1; now <= 2_000; now += 1) {
      budget.add({ source: 'crowd', since: now });
      expect(budget.takeExcess(now)).to.not.include(honest);
    }
    expect(budget.size).to.be.lessThan(20);
  });

  it('lets none give way before its grace is over', () => {
    const budget = new WaitingBudget<Waiting>({ total: 1, perSource: 1, graceMs: 5 });
    const all = [0, 0, 0].map((since) => ({ source: 'one', since }));
    for (const one of all) budget.add(one);
    expect(budget.takeExcess(4)).to.deep.equal([]);
    expect(budget.takeExcess(5)).to.deep.equal(all.slice(0, 2));
  });
});
