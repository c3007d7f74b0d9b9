import { expect } from 'chai';
import { rankSumTest, signedRankTest } from '../../bench/rank-tests.js';

/** Two columns of measurements, and what SciPy 1.17.1 says of them (`mannwhitneyu`, `wilcoxon`: two-sided, asymptotic, corrected). */
const TIED = [1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7, 7, 8, 9, 9, 10, 11, 12, 12, 13];
const TIED_OTHER = [2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 8, 9, 9, 10, 12, 13, 13, 14, 15, 16];
const BEFORE = [5, 7, 3, 8, 9, 4, 6, 7, 8, 5, 6, 9, 7, 8, 4, 5, 6, 7, 8, 9];
const AFTER = [5, 6, 4, 6, 7, 4, 5, 8, 6, 5, 5, 7, 7, 7, 3, 6, 5, 5, 8, 7];
const HUNDRED = Array.from({ length: 100 }, (_, position) => position);
const LATER = HUNDRED.map((value) => value + 60.5);

/** Numbers from 0 to 1 that are the same in each run (Park and Miller, 1988). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

describe('rank tests', () => {
  it('say of two samples what SciPy says', () => {
    const permeability = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const atTerm = rankSumTest(permeability, [1.15, 0.88, 0.9, 0.74, 1.21]);
    expect(atTerm.p).to.be.closeTo(0.244623605, 1e-7);
    expect(atTerm.effect).to.be.closeTo(0.7, 1e-12);
    const tied = rankSumTest(TIED, TIED_OTHER);
    expect(tied.p).to.be.closeTo(0.239101969, 1e-7);
    expect(tied.effect).to.be.closeTo(0.391666667, 1e-9);
    expect(rankSumTest(HUNDRED, LATER).p / 6.358105083e-25).to.be.closeTo(1, 1e-5);
  });

  it('say of pairs what SciPy says', () => {
    const first = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    expect(signedRankTest(first, second).p).to.be.closeTo(0.044010984, 1e-7);
    const tied = signedRankTest(BEFORE, AFTER);
    expect(tied.p).to.be.closeTo(0.009045792, 1e-7);
    expect(tied.effect).to.be.closeTo(0.725, 1e-12);
    expect(signedRankTest(HUNDRED, LATER).p / 1.554747963e-23).to.be.closeTo(1, 1e-5);
  });

  it('say the same of both sides, and see nothing in equal measurements', () => {
    for (const test of [rankSumTest, signedRankTest]) {
      const [one, other] = [test(BEFORE, AFTER), test(AFTER, BEFORE)];
      expect(one.p).to.equal(other.p);
      expect(one.effect + other.effect).to.be.closeTo(1, 1e-12);
      expect(test([3, 3, 3], [3, 3, 3])).to.deep.equal({ p: 1, effect: 0.5 });
    }
  });

  it('find in one of twenty comparisons of equals a difference that is expected once in twenty', () => {
    const random = numbers(20_261_129);
    const sample = (): readonly number[] => Array.from({ length: 40 }, () => random.next().value);
    const found = { sums: 0, signs: 0 };
    for (let run = 0; run < 1_000; run += 1) {
      const [first, second] = [sample(), sample()];
      if (rankSumTest(first, second).p < 0.05) found.sums += 1;
      if (signedRankTest(first, second).p < 0.05) found.signs += 1;
    }
    expect(found.sums).to.be.within(35, 65);
    expect(found.signs).to.be.within(35, 65);
  });

  it('take no measurements for none', () => {
    expect(() => rankSumTest([], [1])).to.throw(RangeError);
    expect(() => rankSumTest([1], [])).to.throw(RangeError);
    expect(() => signedRankTest([], [])).to.throw(RangeError);
    expect(() => signedRankTest([1, 2], [1])).to.throw(RangeError);
  });
});
