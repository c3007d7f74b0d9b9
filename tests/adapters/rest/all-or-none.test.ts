import { expect } from 'chai';
import { allOrNone } from '../../../adapters/rest/all-or-none.js';
import { rejection } from '../../rejection.js';

describe('all or none', () => {
  it('is all of them, in order', async () => {
    expect(await allOrNone([Promise.resolve(1), Promise.resolve(2)])).to.deep.equal([1, 2]);
    expect(await allOrNone([])).to.deep.equal([]);
  });

  it('fails as the first does, when nothing runs any more', async () => {
    let ended = false;
    const late = new Promise<void>((resolve) =>
      setImmediate(() => {
        ended = true;
        resolve();
      }),
    );
    expect(
      await rejection(allOrNone([late, Promise.reject(new Error('first')), Promise.reject(new Error('second'))])),
    ).to.have.property('message', 'first');
    expect(ended).to.equal(true);
  });
});
