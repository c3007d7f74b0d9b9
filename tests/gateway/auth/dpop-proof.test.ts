import { exportJWK, generateKeyPair, generateSecret, type CryptoKey } from 'jose';
import { expect } from 'chai';
import type { ReplayStore } from '../../../gateway/auth/replay.js';
import type { ProofUse } from '../../../schemas/ports/proof-use.js';
import { newKeys, NOW_S, Party, PUBLIC_URL, refusalOf, type Change } from './party.js';

describe('DPoP proof', () => {
  let party: Party;
  beforeEach(async () => {
    party = await Party.make();
  });

  for (const algorithm of ['ES256', 'ES384', 'PS256', 'Ed25519']) {
    it(`is accepted when everything is right, with ${algorithm}`, async () => {
      const of = await Party.make({ clientAlgorithm: algorithm });
      expect((await of.withProof({ header: { alg: algorithm } })).caller.system).to.equal('housing');
    });
  }

  const wrong: readonly (readonly [string, Change, string])[] = [
    ['of another type', { header: { typ: 'JWT' } }, 'proof_typ'],
    ['without a type', { header: { typ: undefined } }, 'proof_typ'],
    ['without a key', { header: { jwk: undefined } }, 'proof_jwk'],
    ['for another method', { claims: { htm: 'GET' } }, 'proof_htm'],
    ['for the method in small letters', { claims: { htm: 'post' } }, 'proof_htm'],
    ['without method', { claims: { htm: undefined } }, 'proof_htm'],
    ['for another path', { claims: { htu: `${PUBLIC_URL}/mcp` } }, 'proof_htu'],
    ['for another host', { claims: { htu: 'https://evil.example/graphql' } }, 'proof_htu'],
    ['for another port', { claims: { htu: 'https://tereze.example:8443/graphql' } }, 'proof_htu'],
    ['for plain http', { claims: { htu: 'http://tereze.example/graphql' } }, 'proof_htu'],
    ['for a path that differs in case', { claims: { htu: `${PUBLIC_URL}/GraphQL` } }, 'proof_htu'],
    ['for a path with a slash more', { claims: { htu: `${PUBLIC_URL}/graphql/` } }, 'proof_htu'],
    ['for an address with a user', { claims: { htu: 'https://me@tereze.example/graphql' } }, 'proof_htu'],
    ['for a path without host', { claims: { htu: '/graphql' } }, 'proof_htu'],
    ['without address', { claims: { htu: undefined } }, 'proof_htu'],
    ['for another token', { claims: { ath: 'A'.repeat(43) } }, 'proof_ath'],
    ['for no token', { claims: { ath: undefined } }, 'proof_ath'],
    ['made too long ago', { claims: { iat: NOW_S - 71 } }, 'proof_iat'],
    ['made in the future', { claims: { iat: NOW_S + 11 } }, 'proof_iat'],
    ['without time', { claims: { iat: undefined } }, 'proof_iat'],
    ['without id', { claims: { jti: undefined } }, 'proof_jti'],
    ['with an id that is too short', { claims: { jti: '1234567' } }, 'proof_jti'],
    ['with an id that is too long', { claims: { jti: 'x'.repeat(257) } }, 'proof_jti'],
    ['with an id that is no text', { claims: { jti: 12_345_678 } }, 'proof_jti'],
  ];
  for (const [how, change, reason] of wrong) {
    it(`is refused ${how}`, async () => {
      expect(await refusalOf(party.withProof(change))).to.equal(`INVALID_DPOP_PROOF ${reason}`);
      expect(party.replay.seen.size, 'nothing is remembered of a proof that is not right').to.equal(0);
    });
  }

  it('is accepted within its age and the tolerance of clocks', async () => {
    for (const iat of [NOW_S - 70, NOW_S + 10])
      expect((await party.withProof({ claims: { iat } })).caller.system).to.equal('housing');
  });

  it('is remembered until it is refused for its age, and for the difference of two clocks longer', async () => {
    const uses: ProofUse[] = [];
    const forgetful: ReplayStore = { use: (use) => (uses.push(use), Promise.resolve('first')) };
    const CLOCKS_DIFFER_MS = 60_000;
    for (const madeAt of [NOW_S - 69, NOW_S - 30, NOW_S, NOW_S + 9]) {
      const of = await Party.make({ replay: forgetful, seen: { see: () => true, forget: () => undefined } });
      const token = await of.token();
      const credentials = await of.credentials(token, await of.proof(token, { claims: { iat: madeAt } }));
      await of.authenticate(credentials);
      const endsAt = (uses.at(-1)?.endsAt.getTime() ?? 0) - CLOCKS_DIFFER_MS;
      of.clock.advance(endsAt - of.clock.now().getTime() - 2_000);
      expect((await of.authenticate(credentials)).caller.system, 'a row is not kept for nothing').to.equal('housing');
      of.clock.advance(2_001);
      expect(await refusalOf(of.authenticate(credentials)), `made at ${madeAt}`).to.equal(
        'INVALID_DPOP_PROOF proof_iat',
      );
    }
  });

  it('may write the same address in another way (RFC 3986)', async () => {
    for (const htu of [
      'HTTPS://TEREZE.EXAMPLE/graphql',
      'https://tereze.example:443/graphql',
      `${PUBLIC_URL}/a/../graphql`,
      `${PUBLIC_URL}/graphql?x=1#y`,
      `${PUBLIC_URL}/gr%61phql`,
    ]) {
      expect((await party.withProof({ claims: { htu } })).caller.system, htu).to.equal('housing');
    }
  });

  it('is refused when it is signed by another key than the one it shows', async () => {
    const { privateKey } = await newKeys();
    expect(await refusalOf(party.withProof({ key: privateKey }))).to.equal('INVALID_DPOP_PROOF proof_signature');
  });

  it('is refused with a key that the token is not bound to', async () => {
    const other = await newKeys();
    expect(await refusalOf(party.withProof({ header: { jwk: other.jwk }, key: other.privateKey }))).to.equal(
      'INVALID_DPOP_PROOF proof_key',
    );
  });

  it('is refused when it shows a private key', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    expect(
      await refusalOf(party.withProof({ header: { jwk: await exportJWK(privateKey) }, key: privateKey })),
    ).to.equal('INVALID_DPOP_PROOF proof_jwk');
    const mine = await exportJWK(party.clientKeys.privateKey);
    expect(await refusalOf(party.withProof({ header: { jwk: mine } })), 'be it the bound one').to.equal(
      'INVALID_DPOP_PROOF proof_jwk',
    );
  });

  it('is refused with a symmetric key, signature or none', async () => {
    const secret = (await generateSecret('HS256', { extractable: true })) as CryptoKey;
    expect(
      await refusalOf(party.withProof({ header: { alg: 'HS256', jwk: await exportJWK(secret) }, key: secret })),
    ).to.equal('INVALID_DPOP_PROOF proof_jwk');
    expect(await refusalOf(party.withProof({ header: { alg: 'HS256' }, key: secret }))).to.equal(
      'INVALID_DPOP_PROOF proof_alg',
    );
    const token = await party.token();
    const [, payload] = (await party.proof(token)).split('.');
    const unsigned = `${Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk: party.clientKeys.jwk })).toString('base64url')}.${payload}.`;
    expect(await refusalOf(party.authenticate(await party.credentials(token, unsigned)))).to.match(
      /^INVALID_DPOP_PROOF proof_(alg|malformed)$/,
    );
  });

  it('is refused when it is missing, twice, or two joined by a comma', async () => {
    const token = await party.token();
    const [one, two] = [await party.proof(token), await party.proof(token)];
    expect(await refusalOf(party.withToken({}, { dpop: [] }))).to.equal('INVALID_DPOP_PROOF proof_missing');
    expect(await refusalOf(party.withToken({}, { dpop: [one, two] }))).to.equal('INVALID_DPOP_PROOF proof_repeated');
    expect(await refusalOf(party.withToken({}, { dpop: [`${one}, ${two}`] }))).to.equal(
      'INVALID_DPOP_PROOF proof_repeated',
    );
  });

  it('is refused when it is no proof at all', async () => {
    for (const proof of ['', 'x', 'a.b.c', 'x'.repeat(9_000)])
      expect(await refusalOf(party.withToken({}, { dpop: [proof] }))).to.equal('INVALID_DPOP_PROOF proof_malformed');
  });

  it('holds for the method and path of this very request', async () => {
    expect(await refusalOf(party.withToken({}, { method: 'GET' }))).to.equal('INVALID_DPOP_PROOF proof_htm');
    expect(await refusalOf(party.withToken({}, { path: '/handles' }))).to.equal('INVALID_DPOP_PROOF proof_htu');
    expect(await refusalOf(party.withToken({}, { path: '//evil.example/graphql' }))).to.equal(
      'INVALID_DPOP_PROOF proof_htu',
    );
  });
});
