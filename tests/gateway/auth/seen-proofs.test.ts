import { expect } from 'chai';
import { SeenProofs } from '../../../gateway/auth/seen-proofs.js';

describe('the proofs that a replica has seen', () => {
  it('are seen once, unless they are forgotten', () => {
    const seen = new SeenProofs();
    expect([seen.see('a'), seen.see('a'), seen.see('b')]).to.deep.equal([true, false, true]);
    seen.forget('a');
    expect(seen.see('a')).to.equal(true);
  });

  it('are bounded: the oldest is forgotten first', () => {
    const seen = new SeenProofs();
    for (let number = 0; number <= 50_000; number += 1) seen.see(`proof ${number}`);
    expect([seen.see('proof 50000'), seen.see('proof 1'), seen.see('proof 0')]).to.deep.equal([false, false, true]);
  });
});
