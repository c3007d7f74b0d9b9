import { expect } from 'chai';
import { limitConcurrency } from '../../../gateway/planning/limit-concurrency.js';
import { refusal } from './preparing.js';

/** Work that notes when it begins and ends when told. */
function work() {
  const begun: number[] = [];
  const end: (() => void)[] = [];
  let most = 0;
  let running = 0;
  return {
    begun,
    end,
    most: () => most,
    job: (name: number) => async (): Promise<number> => {
      begun.push(name);
      most = Math.max(most, (running += 1));
      await new Promise<void>((resolve) => end.push(resolve));
      running -= 1;
      return name;
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('planning: limit concurrency', () => {
  it('runs so many at once and the rest in order', async () => {
    const { begun, end, job, most } = work();
    const inTurn = limitConcurrency(2);
    const all = Promise.all([1, 2, 3, 4, 5].map((name) => inTurn(job(name))));
    await settle();
    expect(begun).to.deep.equal([1, 2]);
    for (let turn = 0; turn < 5; turn += 1) {
      end.shift()?.();
      await settle();
    }
    expect(await all).to.deep.equal([1, 2, 3, 4, 5]);
    expect(begun).to.deep.equal([1, 2, 3, 4, 5]);
    expect(most()).to.equal(2);
  });

  it('lets nobody in ahead of those who wait', async () => {
    const { begun, end, job, most } = work();
    const inTurn = limitConcurrency(1);
    const first = inTurn(job(1)).then(() => inTurn(job(3)));
    const second = inTurn(job(2));
    await settle();
    for (let turn = 0; turn < 3; turn += 1) {
      end.shift()?.();
      await settle();
    }
    await Promise.all([first, second]);
    expect(begun).to.deep.equal([1, 2, 3]);
    expect(most()).to.equal(1);
  });

  it('goes on after work that failed', async () => {
    const inTurn = limitConcurrency(1);
    const failed = inTurn(() => Promise.reject(new Error('no'))).catch((error: Error) => error.message);
    expect(await Promise.all([failed, inTurn(() => Promise.resolve('yes'))])).to.deep.equal(['no', 'yes']);
  });

  it('refuses when too many wait', async () => {
    const { end, job } = work();
    const inTurn = limitConcurrency(1);
    const waiting = Array.from({ length: 11 }, (_, name) => inTurn(job(name)));
    expect(await refusal(inTurn(job(99)))).to.equal('OVERLOADED');
    for (let turn = 0; turn < 11; turn += 1) {
      await settle();
      end.shift()?.();
    }
    expect(await Promise.all(waiting)).to.have.length(11);
  });
});
