import { expect } from 'chai';
import { Batcher, type Settled } from '../../../../monitoring/audit/append/batcher.js';
import { rejection } from '../../../rejection.js';

describe('Batcher', () => {
  const overflow = (): Error => new Error('full');
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  function gated() {
    const batches: (readonly number[])[] = [];
    const gates: (() => void)[] = [];
    const commit = async (batch: readonly number[]): Promise<readonly Settled<number>[]> => {
      batches.push(batch);
      await new Promise<void>((resolve) => gates.push(resolve));
      return batch.map((item) => ({ done: item * 10 }));
    };
    return { batches, commit, open: () => gates.shift()?.() };
  }

  it('commits at once when idle, and what arrives meanwhile together, in order', async () => {
    const { batches, commit, open } = gated();
    const batcher = new Batcher({ maxBatch: 3, maxWaiting: 10, overflow, commit });
    const first = batcher.add(1);
    await nextTurn();
    const rest = [2, 3, 4, 5].map((item) => batcher.add(item));
    for (let batch = 0; batch < 3; batch += 1) {
      open();
      await nextTurn();
    }
    expect(await Promise.all([first, ...rest])).to.deep.equal([10, 20, 30, 40, 50]);
    expect(batches).to.deep.equal([[1], [2, 3, 4], [5]]);
  });

  it('commits an item that is alone in a batch of its own, in its place', async () => {
    const batches: (readonly number[])[] = [];
    const commit = async (batch: readonly number[]): Promise<readonly Settled<number>[]> => {
      batches.push(batch);
      return batch.map((item) => ({ done: item }));
    };
    const batcher = new Batcher({ maxBatch: 3, maxWaiting: 20, overflow, commit, isAlone: (item) => item >= 100 });
    await Promise.all([1, 2, 100, 101, 3, 4, 5, 6, 102].map((item) => batcher.add(item)));
    expect(batches).to.deep.equal([[1, 2], [100], [101], [3, 4, 5], [6], [102]]);
  });

  it('has one batch in flight', async () => {
    const { batches, commit, open } = gated();
    const batcher = new Batcher({ maxBatch: 1, maxWaiting: 10, overflow, commit });
    const both = [batcher.add(1), batcher.add(2)];
    await nextTurn();
    expect(batches).to.have.length(1);
    open();
    await nextTurn();
    open();
    await Promise.all(both);
  });

  it('rejects a whole batch when its commit fails, and goes on with the next', async () => {
    let isBroken = true;
    const batcher = new Batcher<number, number>({
      maxBatch: 10,
      maxWaiting: 10,
      overflow,
      commit: async (batch) => {
        if (isBroken) throw new Error('broken');
        return batch.map((item) => ({ done: item }));
      },
    });
    const failed = await Promise.all([rejection(batcher.add(1)), rejection(batcher.add(2))]);
    expect(failed.map((error) => (error as Error).message)).to.deep.equal(['broken', 'broken']);
    isBroken = false;
    expect(await batcher.add(3)).to.equal(3);
  });

  it('rejects an item for which the commit gave no answer', async () => {
    const batcher = new Batcher<number, number>({
      maxBatch: 10,
      maxWaiting: 10,
      overflow,
      commit: async () => [{ done: 1 }],
    });
    const [, second] = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(second.status).to.equal('rejected');
  });

  it('refuses beyond its limit', async () => {
    const { commit, open } = gated();
    const batcher = new Batcher({ maxBatch: 1, maxWaiting: 1, overflow, commit });
    const first = batcher.add(1);
    await nextTurn();
    const second = batcher.add(2);
    expect(await rejection(batcher.add(3))).to.have.property('message', 'full');
    open();
    await nextTurn();
    open();
    expect(await Promise.all([first, second])).to.deep.equal([10, 20]);
  });

  it('is drained when nothing waits and nothing is in flight', async () => {
    const { batches, commit, open } = gated();
    const batcher = new Batcher({ maxBatch: 1, maxWaiting: 10, overflow, commit });
    const all = Promise.all([batcher.add(1), batcher.add(2)]);
    const drained = batcher.drained().then(() => batches.length);
    await nextTurn();
    open();
    await nextTurn();
    open();
    expect(await drained).to.equal(2);
    await all;
    await batcher.drained();
  });
});
