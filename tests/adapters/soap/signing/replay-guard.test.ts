import { expect } from 'chai';
import { ReplayGuard } from '../../../../adapters/soap/signing/replay-guard.js';

describe('the replay guard', () => {
  it('lets an id through once, until its message is too old anyway', () => {
    const guard = new ReplayGuard(10);
    expect(guard.take('a', 100, 0)).to.equal(true);
    for (const now of [0, 99, 100]) expect(guard.take('a', 200, now)).to.equal(false);
    expect(guard.take('a', 300, 101)).to.equal(true);
  });

  it('refuses rather than forgets when it is full', () => {
    const guard = new ReplayGuard(2);
    for (const id of ['a', 'b']) expect(guard.take(id, 100, 0)).to.equal(true);
    expect(guard.take('c', 100, 0)).to.equal(false);
    expect(guard.take('a', 100, 50)).to.equal(false);
    expect(guard.take('c', 200, 101)).to.equal(true);
  });
});
