import { expect } from 'chai';
import type { AccessToken } from '../../../gateway/auth/access-token.js';
import { VerifiedTokens } from '../../../gateway/auth/verified-tokens.js';
import { HandClock, newKeys, NOW_S, Party, refusalOf } from './party.js';

describe('verified tokens', () => {
  it('are remembered, and every request still needs a proof of its own', async () => {
    const party = await Party.make();
    const token = await party.token();
    const send = async (proof?: string) => party.authenticate(await party.credentials(token, proof));
    await send();
    expect(await refusalOf(party.authenticate({ ...(await party.credentials(token)), dpop: [] }))).to.equal(
      'INVALID_DPOP_PROOF proof_missing',
    );
    const thief = await newKeys();
    expect(
      await refusalOf(send(await party.proof(token, { header: { jwk: thief.jwk }, key: thief.privateKey }))),
    ).to.equal('INVALID_DPOP_PROOF proof_key');
    expect(await refusalOf(send(await party.proof(token, { claims: { htm: 'GET' } })))).to.equal(
      'INVALID_DPOP_PROOF proof_htm',
    );
  });

  it('are forgotten at their end', async () => {
    const party = await Party.make();
    const token = await party.token({ claims: { exp: NOW_S + 20 } });
    const send = async () =>
      party.authenticate(
        await party.credentials(
          token,
          await party.proof(token, { claims: { iat: party.clock.now().getTime() / 1000 } }),
        ),
      );
    await send();
    party.clock.advance(31_000);
    expect(await refusalOf(send())).to.equal('UNAUTHENTICATED token_exp');
  });

  it('are verified once when they are sent many times at once', async () => {
    const clock = new HandClock();
    const tokens = new VerifiedTokens(10, clock);
    let verified = 0;
    let end: () => void = () => undefined;
    const verify = async (): Promise<AccessToken> => {
      verified += 1;
      await new Promise<void>((resolve) => (end = resolve));
      return { expiresAt: clock.now().getTime() + 300_000 } as AccessToken;
    };
    const all = [1, 2, 3].map(() => tokens.get('token', verify));
    // Keys have changed: what is under way is not remembered.
    tokens.clear();
    const later = tokens.get('token', verify);
    expect(verified).to.equal(2);
    end();
    await later;
    await tokens.get('token', verify);
    expect(verified).to.equal(2);
    void Promise.allSettled(all);
  });

  it('are kept when the same keys are fetched again', async () => {
    const party = await Party.make();
    const token = await party.token();
    await party.authenticate(await party.credentials(token));
    await party.authenticator.warmUp();
    party.publish = () => new Response('', { status: 500 });
    party.clock.advance(30_000);
    const proof = await party.proof(token, { claims: { iat: party.clock.now().getTime() / 1_000 } });
    const { caller } = await party.authenticate(await party.credentials(token, proof));
    expect(caller.system).to.equal('housing');
  });

  it('are forgotten when other keys are fetched', async () => {
    const party = await Party.make();
    const token = await party.token();
    const send = async () => party.authenticate(await party.credentials(token));
    await send();
    const other = await newKeys();
    party.publish = () => Response.json({ keys: [{ ...other.jwk, kid: 'key-1' }] });
    await party.authenticator.warmUp();
    expect(await refusalOf(send())).to.equal('UNAUTHENTICATED token_signature');
  });

  it('are verified again after a minute, and not before', async () => {
    const clock = new HandClock();
    const tokens = new VerifiedTokens(10, clock);
    let verified = 0;
    const verify = (): Promise<AccessToken> => {
      verified += 1;
      return Promise.resolve({ expiresAt: clock.now().getTime() + 300_000 } as AccessToken);
    };
    for (const wait of [0, 59_999, 1]) {
      clock.advance(wait);
      await tokens.get('token', verify);
    }
    expect(verified).to.equal(2);
  });

  it('that were refused are not remembered', async () => {
    const party = await Party.make();
    const token = await party.token({ claims: { nbf: NOW_S + 30 } });
    const send = async () =>
      party.authenticate(
        await party.credentials(
          token,
          await party.proof(token, { claims: { iat: party.clock.now().getTime() / 1000 } }),
        ),
      );
    expect(await refusalOf(send())).to.equal('UNAUTHENTICATED token_nbf');
    party.clock.advance(30_000);
    expect((await send()).caller.system).to.equal('housing');
  });
});
