import { expect } from 'chai';
import { proofUse, useAlone, type ReplayStore } from '../../../gateway/auth/replay.js';
import { SqlFailure } from '../../../schemas/ports/sql.js';
import { MemoryReplayStore, newKeys, NOW, NOW_S, Party, refusalOf } from './party.js';

describe('replay', () => {
  it('is refused: a proof counts once, also when the first request was refused later on', async () => {
    const party = await Party.make();
    const token = await party.token();
    const credentials = await party.credentials(token);
    await party.authenticate(credentials);
    expect(await refusalOf(party.authenticate(credentials))).to.equal('INVALID_DPOP_PROOF proof_replayed');

    const unknown = await party.token({ claims: { client_id: 'unknown', sub: 'unknown' } });
    const refused = await party.credentials(unknown);
    expect(await refusalOf(party.authenticate(refused))).to.equal('CALLER_NOT_REGISTERED');
    expect(await refusalOf(party.authenticate(refused))).to.equal('INVALID_DPOP_PROOF proof_replayed');
  });

  it('is refused for the same id in another proof of the same key', async () => {
    const party = await Party.make();
    await party.withProof({ claims: { jti: 'chosen-twice' } });
    expect(await refusalOf(party.withProof({ claims: { jti: 'chosen-twice', iat: NOW_S - 1 } }))).to.equal(
      'INVALID_DPOP_PROOF proof_replayed',
    );
  });

  it('cannot be provoked by someone else: an id is burnt only by a proof that is right', async () => {
    const party = await Party.make();
    const { privateKey } = await newKeys();
    await refusalOf(party.withProof({ claims: { jti: 'overheard-id' }, key: privateKey }));
    expect((await party.withProof({ claims: { jti: 'overheard-id' } })).caller.system).to.equal('housing');
  });

  it('is refused by the replica that has seen the proof before any store is asked', async () => {
    let asked = 0;
    const replay: ReplayStore = { use: () => ((asked += 1), Promise.resolve('first')) };
    const party = await Party.make({ replay });
    const credentials = await party.credentials(await party.token());
    await party.authenticator.authenticate(credentials, { party: 'one' });
    expect(await refusalOf(party.authenticator.authenticate(credentials, { party: 'other' }))).to.equal(
      'INVALID_DPOP_PROOF proof_replayed',
    );
    expect(asked).to.equal(0);
  });

  it('is not used by authentication: the proof of an admitted request is unspent', async () => {
    const replay = new MemoryReplayStore();
    const party = await Party.make({ replay });
    const { proof } = await party.authenticator.authenticate(await party.credentials(await party.token()), {
      party: 'one',
    });
    expect(replay.seen.size).to.equal(0);
    await useAlone(proof, replay);
    expect(replay.seen.size).to.equal(1);
    await useAlone(proof, replay);
  });

  it('is not what a request is told whose proof could not be noted: the next look decides', async () => {
    let isDown = true;
    const store = new MemoryReplayStore();
    const replay: ReplayStore = {
      use: (use) => (isDown ? Promise.reject(new SqlFailure('down', { outcome: 'not_done' })) : store.use(use)),
    };
    const party = await Party.make({ replay });
    const credentials = await party.credentials(await party.token());
    expect(await refusalOf(party.authenticate(credentials))).to.equal('AUDIT_UNAVAILABLE replay_store');
    isDown = false;
    expect((await party.authenticate(credentials)).caller.system).to.equal('housing');
  });

  for (const [what, change] of [
    ['whose caller is not registered', { client_id: 'unknown', sub: 'unknown' }],
    ['whose purpose is not granted', { authorization_details: [] }],
  ] as const)
    it(`is known on every replica for a request ${what}: refused once the proof is noted`, async () => {
      const replay = new MemoryReplayStore();
      const [one, other] = [await Party.make({ replay }), await Party.make({ replay })];
      const credentials = await one.credentials(await one.token({ claims: change }));
      await refusalOf(one.authenticator.authenticate(credentials, { party: 'one' }));
      expect(replay.seen.size).to.equal(1);
      expect(other.replay.seen.size).to.equal(0);
    });

  it('store down: refused', async () => {
    const down: ReplayStore = { use: () => Promise.reject(new SqlFailure('down', { outcome: 'not_done' })) };
    expect(await refusalOf((await Party.make({ replay: down })).withToken())).to.equal(
      'AUDIT_UNAVAILABLE replay_store',
    );
  });

  it('written, but the reply was lost: refused, and refused again for the same proof', async () => {
    const seen = new Set<string>();
    const losing: ReplayStore = {
      use: ({ hash }) => {
        if (seen.has(hash)) return Promise.resolve('again');
        seen.add(hash);
        return Promise.reject(new SqlFailure('connection lost', { outcome: 'unknown' }));
      },
    };
    const party = await Party.make({ replay: losing });
    const credentials = await party.credentials(await party.token());
    expect(await refusalOf(party.authenticate(credentials))).to.equal('AUDIT_UNAVAILABLE replay_store');
    expect(await refusalOf(party.authenticate(credentials))).to.equal('INVALID_DPOP_PROOF proof_replayed');
  });

  it('is remembered longer than the proof could be accepted', () => {
    const { endsAt } = proofUse({ keyThumbprint: 'k', id: 'i', usableFrom: NOW, endsAt: NOW });
    expect(endsAt.getTime()).to.be.greaterThan(NOW.getTime() + 20_000);
  });

  it('tells keys apart: the same id under two keys is two proofs', () => {
    const hashOf = (keyThumbprint: string, id: string): string =>
      proofUse({ keyThumbprint, id, usableFrom: NOW, endsAt: NOW }).hash;
    expect(hashOf('a', 'id')).not.to.equal(hashOf('b', 'id'));
  });
});
