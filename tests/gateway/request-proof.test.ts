import { expect } from 'chai';
import { ProofEnd, ProofReplayed, RequestProof } from '../../gateway/request-proof.js';
import { ProofUsedBefore } from '../../monitoring/audit/port.js';
import type { ProofUse } from '../../schemas/ports/proof-use.js';
import { rejection } from '../rejection.js';

const USE: ProofUse = { hash: 'a'.repeat(64), usableFrom: new Date(0), endsAt: new Date(1) };

describe('the proof of a request', () => {
  it('is spent with the first commit, and not again with the next', async () => {
    const given: (ProofUse | undefined)[] = [];
    const commit = async (use: ProofUse | undefined): Promise<number> => given.push(use);
    const proof = RequestProof.unspent(USE);
    expect(await proof.spend(commit)).to.deep.equal({ result: 1, proof: ProofEnd.spent });
    expect(await proof.spend(commit)).to.deep.equal({ result: 2, proof: ProofEnd.spent });
    expect(given).to.deep.equal([USE, undefined]);
  });

  it('that was used before ends the request with that refusal', async () => {
    const forgotten: string[] = [];
    const proof = RequestProof.unspent(USE, () => void forgotten.push(USE.hash));
    const error = await rejection(proof.spend(() => Promise.reject(new ProofUsedBefore())));
    expect(error).to.be.instanceOf(ProofReplayed).and.include({ code: 'INVALID_DPOP_PROOF' });
    expect(forgotten).to.deep.equal([]);
  });

  it('stays unspent if the commit fails, and the replica no longer takes it for seen', async () => {
    const forgotten: string[] = [];
    const proof = RequestProof.unspent(USE, () => void forgotten.push(USE.hash));
    const failure = new Error('no commit');
    expect(await rejection(proof.spend(() => Promise.reject(failure)))).to.equal(failure);
    expect(forgotten).to.deep.equal([USE.hash]);
    expect((await proof.spend(async (use) => use)).result).to.equal(USE);
  });

  it('that is not needed is never given to a commit', async () => {
    expect(await RequestProof.notNeeded().spend(async (use) => use)).to.deep.equal({
      result: undefined,
      proof: ProofEnd.none,
    });
  });
});
