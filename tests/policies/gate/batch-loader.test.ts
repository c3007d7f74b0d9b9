import { expect } from 'chai';
import { batchLoader } from '../../../policies/gate/batch-loader.js';

describe('batch-loader', () => {
  it('asks each key once, new ones together', async () => {
    const asked: (readonly string[])[] = [];
    const ask = batchLoader(async (keys) => {
      asked.push(keys);
      return new Map(keys.filter((key) => key !== 'none').map((key) => [key, key.toUpperCase()]));
    });
    expect([...(await ask(['a', 'b', 'a', 'none']))]).to.deep.equal([
      ['a', 'A'],
      ['b', 'B'],
    ]);
    expect([...(await ask(['b', 'c', 'none']))]).to.deep.equal([
      ['b', 'B'],
      ['c', 'C'],
    ]);
    await ask([]);
    expect(asked).to.deep.equal([['a', 'b', 'none'], ['c']]);
  });

  it('joins a batch that is under way', async () => {
    let calls = 0;
    const ask = batchLoader(
      async (keys) => ((calls += 1), await Promise.resolve(), new Map(keys.map((key) => [key, 1]))),
    );
    await Promise.all([ask(['a']), ask(['a'])]);
    expect(calls).to.equal(1);
  });

  it('keeps a failure', async () => {
    let calls = 0;
    const ask = batchLoader<number>(async () => {
      calls += 1;
      throw new Error('down');
    });
    for (let turn = 0; turn < 2; turn += 1)
      expect(
        await ask(['a', 'b']).then(
          () => 'answered',
          () => 'failed',
        ),
      ).to.equal('failed');
    expect(calls).to.equal(1);
  });
});
