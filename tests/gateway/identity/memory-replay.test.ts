import { expect } from 'chai';
import { MemoryReplay } from '../../../gateway/identity/memory-replay.js';
import { Refusal } from '../../../schemas/refusal.js';
import { standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';

const START = Date.parse('2026-11-23T10:00:00.000Z');

describe('the proofs that the identity process has seen', () => {
  function replay() {
    const set = { now: START };
    return { set, replay: new MemoryReplay({ ...standingClock(), now: () => new Date(set.now) }) };
  }
  const proof = (hash: string, from = START) => ({
    hash,
    usableFrom: new Date(from),
    endsAt: new Date(from + 60_000),
  });

  it('are taken once', async () => {
    const { replay: proofs } = replay();
    expect(await proofs.use(proof('a'))).to.equal('first');
    expect(await proofs.use(proof('a'))).to.equal('again');
    expect(await proofs.use(proof('b'))).to.equal('first');
  });

  it('are refused if they may have been used before the process began', async () => {
    expect(await replay().replay.use(proof('a', START - 1))).to.equal('again');
  });

  it('are bounded: others are refused until some have ended', async () => {
    const { set, replay: proofs } = replay();
    for (let number = 0; number < 10_000; number += 1) await proofs.use(proof(`${number}`));
    const refusal = await rejection(proofs.use(proof('one more')));
    expect(refusal instanceof Refusal && refusal.code).to.equal('OVERLOADED');
    expect(await proofs.use(proof('0'))).to.equal('again');
    set.now = START + 60_001;
    expect(await proofs.use(proof('one more'))).to.equal('first');
  });
});
