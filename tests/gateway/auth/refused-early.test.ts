import { expect } from 'chai';
import { BeyondRate } from '../../../gateway/admission/beyond-rate.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { newKeys, Party, refusalOf } from './party.js';

describe('a caller that may not ask now', () => {
  const refuse = (caller: Caller): never => {
    throw new BeyondRate(caller, 500);
  };

  it('is refused before its proof is verified, and the proof stays unused', async () => {
    const party = await Party.make();
    const token = await party.token();
    const credentials = await party.credentials(token);
    expect(await refusalOf(party.authenticate(credentials, undefined, refuse))).to.equal('RATE_LIMITED');
    expect(party.replay.seen.size).to.equal(0);
    expect((await party.authenticate(credentials)).caller.system).to.equal('housing');
  });

  it('is known from a token that was verified, never from one that was not', async () => {
    const party = await Party.make();
    const forged = await party.token({ key: (await newKeys()).privateKey });
    expect(await refusalOf(party.authenticate(await party.credentials(forged), undefined, refuse))).to.match(
      /^UNAUTHENTICATED/,
    );
    const unregistered = await party.token({ claims: { client_id: 'nobody', sub: 'nobody' } });
    expect(await refusalOf(party.authenticate(await party.credentials(unregistered), undefined, refuse))).to.equal(
      'CALLER_NOT_REGISTERED',
    );
    const stolen = { ...(await party.credentials(await party.token())), dpop: [] };
    expect(await refusalOf(party.authenticate(stolen, undefined, refuse))).to.equal('INVALID_DPOP_PROOF proof_missing');
  });

  it('is not told from others by a thief while it is within its rate', async () => {
    const party = await Party.make();
    const thief = await newKeys();
    const token = await party.token({ claims: { client_id: 'nobody', sub: 'nobody' } });
    const proof = await party.proof(token, { header: { jwk: thief.jwk }, key: thief.privateKey });
    const asked = party.authenticate(await party.credentials(token, proof), undefined, () => undefined);
    expect(await refusalOf(asked)).to.equal('INVALID_DPOP_PROOF proof_key');
  });
});
