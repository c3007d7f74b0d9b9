import { expect } from 'chai';
import fc from 'fast-check';
import { CallerRates } from '../../../gateway/admission/rates.js';
import { standingClock } from '../../doubles.js';

/** The rates of a few callers: room for many would take most of the time of a test. */
function ratesAt(max = 10) {
  let now = 0;
  const rates = new CallerRates({ ...standingClock(), monotonic: () => now }, max);
  return { rates, pass: (milliseconds: number) => (now += milliseconds) };
}

describe('CallerRates', () => {
  it('lets through what a bucket of tokens would, and no more', () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 80 });
    fc.assert(
      fc.property(
        arrivals,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 8 }),
        (gaps, perSecond, burst) => {
          // Room for many callers is made at once, which takes longer than all arrivals.
          const { rates, pass } = ratesAt(1);
          let tokens = burst;
          for (const gap of gaps) {
            pass(gap);
            tokens = Math.min(burst, tokens + (gap / 1_000) * perSecond);
            const { waitMs } = rates.take('a', { perSecond, burst });
            // Rounding: within a millionth of a token either answer is right.
            if (Math.abs(tokens - 1) > 1e-6) expect(waitMs === 0, `${tokens} tokens`).to.equal(tokens >= 1);
            if (waitMs === 0) tokens -= 1;
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('says after which time a request is let through', () => {
    const { rates, pass } = ratesAt();
    const limit = { perSecond: 3, burst: 1 };
    rates.take('a', limit);
    const { waitMs } = rates.take('a', limit);
    pass(waitMs - 1);
    expect(rates.take('a', limit).waitMs).to.be.greaterThan(0);
    pass(1.001);
    expect(rates.take('a', limit).waitMs).to.equal(0);
  });

  it('measures each caller by itself, and remembers a limited number', () => {
    const { rates } = ratesAt(2);
    const limit = { perSecond: 1, burst: 1 };
    expect(['a', 'b', 'a', 'c', 'b'].map((caller) => rates.take(caller, limit).waitMs > 0)).to.deep.equal([
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(rates.idOf('a')).to.not.equal(rates.idOf('b'));
  });
});
