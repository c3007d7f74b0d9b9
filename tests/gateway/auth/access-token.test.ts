import { generateSecret, UnsecuredJWT, type CryptoKey } from 'jose';
import { expect } from 'chai';
import { AUDIENCE, ISSUER, newKeys, NOW_S, OTHER_ISSUER, Party, refusalOf, type Change } from './party.js';

describe('access token', () => {
  let party: Party;
  beforeEach(async () => {
    party = await Party.make();
  });

  it('is accepted when everything is right', async () => {
    const { caller, purpose, case: matter, token } = await party.withToken();
    expect(caller).to.deep.equal({
      system: 'housing',
      kind: 'system',
      agency: { id: 'housing', bin: '000140000002' },
      assurance: 'none',
    });
    expect({ purpose, matter }).to.deep.equal({
      purpose: 'housing_queue',
      matter: { agency: 'housing', number: 'HQ-2026-000101' },
    });
    expect(token.issuer).to.equal(ISSUER);
    // printf 'https://id.example\ntoken-1' | sha256sum
    expect(token.idHash).to.equal('4137d87ec350a0170f6c66c53eb1cc0b27f161794aa657aa05f89027ad6832d9');
  });

  it('is accepted with the long form of its type', async () => {
    expect((await party.withToken({ header: { typ: 'application/at+jwt' } })).caller.system).to.equal('housing');
  });

  const wrong: readonly (readonly [string, Change, string])[] = [
    ['of another type (an ID token)', { header: { typ: 'JWT' } }, 'token_typ'],
    ['without a type', { header: { typ: undefined } }, 'token_typ'],
    ['of an issuer no one trusts', { claims: { iss: 'https://evil.example' } }, 'token_iss'],
    ['without issuer', { claims: { iss: undefined } }, 'token_iss'],
    ['for another audience', { claims: { aud: `${AUDIENCE}/` } }, 'token_aud'],
    [
      'for several audiences, us among them',
      { claims: { aud: [AUDIENCE, 'https://tereze.example/mcp'] } },
      'token_aud',
    ],
    ['without audience', { claims: { aud: undefined } }, 'token_aud'],
    ['that ended', { claims: { exp: NOW_S - 11 } }, 'token_exp'],
    ['without end', { claims: { exp: undefined } }, 'token_exp'],
    ['whose end is no number', { claims: { exp: 'never' } }, 'token_exp'],
    ['not valid yet', { claims: { nbf: NOW_S + 11 } }, 'token_nbf'],
    ['issued in the future', { claims: { iat: NOW_S + 3600, exp: NOW_S + 7200 } }, 'token_iat'],
    ['issued too long ago, however long it lives', { claims: { iat: NOW_S - 86_400 } }, 'token_iat'],
    ['without time of issue', { claims: { iat: undefined } }, 'token_iat'],
    ['without subject', { claims: { sub: undefined } }, 'token_sub'],
    ['with an empty subject', { claims: { sub: '' } }, 'token_sub'],
    ['without client', { claims: { client_id: undefined } }, 'token_client_id'],
    ['whose client is no text', { claims: { client_id: ['housing'] } }, 'token_client_id'],
    ['without id', { claims: { jti: undefined } }, 'token_jti'],
    ['bound to no key', { claims: { cnf: undefined } }, 'token_cnf'],
    ['bound to a certificate only', { claims: { cnf: { 'x5t#S256': 'A'.repeat(43) } } }, 'token_cnf'],
    [
      'bound to a key and to something that is not checked here',
      { claims: { cnf: { jkt: 'A'.repeat(43), 'x5t#S256': 'A'.repeat(43) } } },
      'token_cnf',
    ],
    ['with a chain of actors', { claims: { act: { sub: 'housing', act: { sub: 'other' } } } }, 'token_act'],
    ['with a key id that its issuer does not have', { header: { kid: 'key-2' } }, 'token_kid'],
  ];
  for (const [how, change, reason] of wrong) {
    it(`is refused ${how}`, async () => {
      expect(await refusalOf(party.withToken(change))).to.equal(`UNAUTHENTICATED ${reason}`);
    });
  }

  it('is accepted within the tolerance of clocks', async () => {
    expect((await party.withToken({ claims: { exp: NOW_S - 3 } })).caller.system).to.equal('housing');
    expect((await party.withToken({ claims: { iat: NOW_S + 9 } })).caller.system).to.equal('housing');
  });

  it('is refused with another key’s signature', async () => {
    const { privateKey } = await newKeys();
    expect(await refusalOf(party.withToken({ key: privateKey }))).to.equal('UNAUTHENTICATED token_signature');
  });

  it('is refused when a byte of it changed', async () => {
    const [header, payload, signature] = (await party.token()).split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>;
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'social', client_id: 'social' })).toString(
      'base64url',
    );
    const token = `${header}.${changed}.${signature}`;
    expect(await refusalOf(party.authenticate(await party.credentials(token)))).to.equal(
      'UNAUTHENTICATED token_signature',
    );
  });

  it('is refused unsigned (alg none)', async () => {
    const token = new UnsecuredJWT({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'housing',
      client_id: 'housing',
      jti: '1',
      iat: NOW_S,
      exp: NOW_S + 60,
      cnf: { jkt: party.thumbprint },
    }).encode();
    expect(await refusalOf(party.authenticate(await party.credentials(token)))).to.match(
      /^UNAUTHENTICATED token_(alg|malformed)$/,
    );
  });

  it('is refused with a symmetric signature, be the secret the issuer’s public key', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(party.issuerKeys.jwk));
    expect(await refusalOf(party.withToken({ header: { alg: 'HS256' }, key: secret }))).to.equal(
      'UNAUTHENTICATED token_alg',
    );
    const random = (await generateSecret('HS512', { extractable: true })) as CryptoKey;
    expect(await refusalOf(party.withToken({ header: { alg: 'HS512' }, key: random }))).to.equal(
      'UNAUTHENTICATED token_alg',
    );
  });

  it('is refused with an algorithm that is not on its own issuer’s list', async () => {
    const { privateKey } = await newKeys('ES384');
    expect(await refusalOf(party.withToken({ header: { alg: 'ES384' }, key: privateKey }))).to.equal(
      'UNAUTHENTICATED token_alg',
    );
    const ed = await newKeys('Ed25519');
    const ofOther = {
      header: { alg: 'Ed25519' },
      claims: { iss: OTHER_ISSUER, client_id: 'elsewhere', sub: 'elsewhere' },
      key: ed.privateKey,
    };
    expect(await refusalOf(party.withToken(ofOther))).to.equal('UNAUTHENTICATED token_alg');
  });

  it('is refused when it brings its own key (jwk, jku, x5u)', async () => {
    const own = await newKeys();
    for (const header of [
      { jwk: own.jwk },
      { jku: 'https://evil.example/jwks' },
      { x5u: 'https://evil.example/cert' },
    ]) {
      expect(await refusalOf(party.withToken({ header, key: own.privateKey }))).to.equal(
        'UNAUTHENTICATED token_signature',
      );
    }
    expect(party.fetched.filter((url) => url.includes('evil'))).to.deep.equal([]);
  });

  it('of one issuer is never proven by a key of another, although both call it key-1', async () => {
    const mixed = party.withToken({ claims: { iss: OTHER_ISSUER, client_id: 'elsewhere', sub: 'elsewhere' } });
    expect(await refusalOf(mixed)).to.equal('UNAUTHENTICATED token_signature');
    const right = await party.withToken({
      claims: { iss: OTHER_ISSUER, client_id: 'elsewhere', sub: 'elsewhere' },
      key: party.otherIssuerKeys.privateKey,
    });
    expect(right.caller.system).to.equal('elsewhere');
  });

  it('is refused when it is no token at all', async () => {
    for (const token of ['x', 'a.b.c', '..', 'eyJhbGciOiJFUzI1NiJ9.e30.']) {
      expect(await refusalOf(party.authenticate(await party.credentials(token)))).to.match(/^UNAUTHENTICATED token_/);
    }
  });

  it('says nothing of itself in a refusal', async () => {
    const token = await party.citizenToken({ aud: 'wrong' });
    const refused = await party
      .credentials(token)
      .then((credentials) => party.authenticate(credentials))
      .catch((error: unknown) => error);
    expect((refused as Error).cause).to.equal(undefined);
    expect(JSON.stringify(refused)).not.to.contain('900101');
  });
});
