import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { jwtVerify } from 'jose';
import nock from 'nock';
import { accessForSystem } from '../../../../gateway/cli/client/access.js';
import type { ClientProfile } from '../../../../gateway/cli/client/profile.js';
import { rejection } from '../../../rejection.js';
import {
  CLIENT_ASSERTION_TYPE,
  createClient,
  expectDiscovery,
  expectRequests,
  GATEWAY,
  granted,
  ISSUER,
  METADATA,
  mockNetwork,
  networkError,
  only,
  proofOf,
  type Replied,
} from './mocked-issuer.js';

const REQUEST = { purpose: 'housing_queue', case: { agency: 'housing', number: 'HQ-7' } };
const CHALLENGE = 'DPoP error="use_dpop_nonce"';

const tokenEndpoint = (...replies: Replied[]) => expectRequests('POST', '/token', replies);
const gateway = (method: 'GET' | 'POST', path: string, ...replies: Replied[]) =>
  expectRequests(method, path, replies, { origin: GATEWAY });
const nonceNeeded = (nonce: string): Replied => ({
  status: 400,
  body: { error: 'use_dpop_nonce' },
  headers: { 'dpop-nonce': nonce },
});

describe('accessForSystem', () => {
  let profile: ClientProfile;
  let publicKey: CryptoKey;

  mockNetwork();

  before(async () => {
    ({ profile, publicKey } = await createClient());
  });

  const open = async () => {
    expectDiscovery();
    tokenEndpoint(granted());
    return accessForSystem(profile, REQUEST);
  };

  it('tells of a key that cannot sign as such, and asks no issuer', async () => {
    const publicJwk = { ...profile.privateKey };
    delete publicJwk.d;
    for (const privateKey of [{ kty: 'oct', k: 'c2VjcmV0' }, publicJwk, { kty: 'EC', crv: 'P-256' }, {}]) {
      const failure = await rejection(accessForSystem({ ...profile, privateKey }, REQUEST));
      expect(failure).to.have.property('message', 'the key of the profile is not the private key of a key pair');
    }
  });

  describe('the request for a token', () => {
    it('asks for client credentials, for the audience, the purpose and the case', async () => {
      expectDiscovery();
      const sent = tokenEndpoint(granted());
      await accessForSystem(profile, REQUEST);
      const form = new URLSearchParams(only(sent).body);
      expect(form.get('grant_type')).to.equal('client_credentials');
      expect(form.get('resource')).to.equal('https://tereze.example');
      expect(JSON.parse(form.get('authorization_details') ?? '')).to.deep.equal([
        { type: 'tereze_access', purpose: 'housing_queue', case: { agency: 'housing', number: 'HQ-7' } },
      ]);
    });

    it('names no case where the client has none', async () => {
      expectDiscovery();
      const sent = tokenEndpoint(granted());
      await accessForSystem(profile, { purpose: 'statistics' });
      const details = new URLSearchParams(only(sent).body).get('authorization_details');
      expect(JSON.parse(details ?? '')).to.deep.equal([{ type: 'tereze_access', purpose: 'statistics' }]);
    });

    it('carries an assertion that the client signed for this issuer, and no secret', async () => {
      expectDiscovery();
      const sent = tokenEndpoint(granted());
      await accessForSystem(profile, REQUEST);
      const { body, headers } = only(sent);
      const form = new URLSearchParams(body);
      expect(form.get('client_assertion_type')).to.equal(CLIENT_ASSERTION_TYPE);
      const { payload, protectedHeader } = await jwtVerify(form.get('client_assertion') ?? '', publicKey, {
        issuer: 'housing',
        subject: 'housing',
        audience: ISSUER,
        requiredClaims: ['exp', 'jti'],
      });
      expect(protectedHeader).to.deep.include({ alg: 'ES256', kid: 'housing-1' });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).to.be.within(1, 300);
      expect(form.has('client_secret')).to.equal(false);
      expect(headers).not.to.have.property('authorization');
    });

    it('names no key in the assertion where the profile gives the key no id', async () => {
      const unnamed = { ...profile.privateKey, kty: 'EC' };
      delete unnamed.kid;
      expectDiscovery();
      const sent = tokenEndpoint(granted());
      await accessForSystem({ ...profile, privateKey: unnamed }, REQUEST);
      const assertion = new URLSearchParams(only(sent).body).get('client_assertion') ?? '';
      const { protectedHeader } = await jwtVerify(assertion, publicKey);
      expect(protectedHeader).not.to.have.property('kid');
    });

    it('carries only the name of a client without a key', async () => {
      expectDiscovery();
      const sent = tokenEndpoint(granted());
      await accessForSystem({ ...profile, privateKey: undefined }, REQUEST);
      const form = new URLSearchParams(only(sent).body);
      expect(form.get('client_id')).to.equal('housing');
      expect(form.has('client_assertion')).to.equal(false);
    });

    it('carries a proof for the token endpoint', async () => {
      expectDiscovery();
      const sent = tokenEndpoint(granted());
      await accessForSystem(profile, REQUEST);
      const { claims } = await proofOf(only(sent));
      expect(claims).to.include({ htm: 'POST', htu: `${ISSUER}/token` });
      expect(claims).not.to.have.any.keys('ath', 'nonce');
    });

    it('is signed with a new key in each run', async () => {
      expectDiscovery();
      expectDiscovery();
      const sent = tokenEndpoint(granted(), granted());
      await accessForSystem(profile, REQUEST);
      await accessForSystem(profile, REQUEST);
      const [first, second] = await Promise.all(sent.map(proofOf));
      expect(first?.thumbprint).to.be.a('string').and.not.equal(second?.thumbprint);
    });

    it('is sent again with the nonce that the issuer asks for', async () => {
      expectDiscovery();
      const sent = tokenEndpoint(nonceNeeded('nonce-1'), granted());
      await accessForSystem(profile, REQUEST);
      const [first, second] = await Promise.all(sent.map(proofOf));
      expect(first?.claims).not.to.have.property('nonce');
      expect(second?.claims).to.include({ nonce: 'nonce-1', htu: `${ISSUER}/token` });
      expect(second?.claims.jti).not.to.equal(first?.claims.jti);
    });

    it('is sent again once only', async () => {
      expectDiscovery();
      const sent = tokenEndpoint(nonceNeeded('nonce-1'), nonceNeeded('nonce-2'));
      const failure = await rejection(accessForSystem(profile, REQUEST));
      expect(failure).to.include({ message: 'the issuer gave no token (use_dpop_nonce)' });
      expect(sent).to.have.length(2);
    });
  });

  describe('a failure at the issuer', () => {
    const unreachable = (why: string) => ({
      name: 'CommandFailure',
      kind: 'failed',
      message: `the issuer at ${ISSUER} cannot be reached (${why})`,
      hint: 'Is `npm start` running?',
    });

    it('names the issuer that does not answer, why, and what to do', async () => {
      nock(ISSUER).get('/.well-known/oauth-authorization-server').replyWithError(networkError('ECONNREFUSED'));
      expect(await rejection(accessForSystem(profile, REQUEST))).to.include(unreachable('ECONNREFUSED'));
    });

    it('names the issuer that has no metadata', async () => {
      expectRequests('GET', '/.well-known/oauth-authorization-server', [{ status: 404 }]);
      expect(await rejection(accessForSystem(profile, REQUEST))).to.include(unreachable('ClientError'));
    });

    it('does not use the metadata of another issuer', async () => {
      expectDiscovery({ ...METADATA, issuer: 'https://other.example' });
      expect(await rejection(accessForSystem(profile, REQUEST))).to.include(unreachable('ClientError'));
    });

    it('asks for nothing over http outside loopback', async () => {
      const issuer = 'http://issuer.example';
      const sent = expectRequests('GET', /.*/, [{ body: { ...METADATA, issuer } }], { origin: issuer, optional: true });
      const failure = await rejection(accessForSystem({ ...profile, issuer }, REQUEST));
      expect(failure).to.include({
        message: `the issuer at ${issuer} cannot be reached (OAUTH_HTTP_REQUEST_FORBIDDEN)`,
      });
      expect(sent).to.have.length(0);
    });

    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      it(`asks over http at ${host}`, async () => {
        const issuer = `http://${host}:4000`;
        const metadata = { issuer, token_endpoint: `${issuer}/token` };
        expectRequests('GET', '/.well-known/oauth-authorization-server', [{ body: metadata }], { origin: issuer });
        const sent = expectRequests('POST', '/token', [granted()], { origin: issuer });
        await accessForSystem({ ...profile, issuer }, REQUEST);
        expect((await proofOf(only(sent))).claims).to.include({ htu: `${issuer}/token` });
      });
    }

    for (const { status, code } of [
      { status: 401, code: 'invalid_client' },
      { status: 400, code: 'invalid_authorization_details' },
    ]) {
      it(`tells that the issuer refused with ${code}, without the issuer's own words`, async () => {
        expectDiscovery();
        tokenEndpoint({ status, body: { error: code, error_description: 'words of the issuer' } });
        const failure = await rejection(accessForSystem(profile, REQUEST));
        expect(failure).to.include({
          name: 'CommandFailure',
          kind: 'failed',
          message: `the issuer gave no token (${code})`,
          hint: undefined,
        });
      });
    }

    it('tells why the token endpoint did not answer', async () => {
      expectDiscovery();
      nock(ISSUER).post('/token').replyWithError(networkError('ECONNRESET'));
      expect(await rejection(accessForSystem(profile, REQUEST))).to.include({
        message: 'the issuer gave no token (ECONNRESET)',
      });
    });
  });

  describe('a request to the gateway', () => {
    it('carries the token, and a proof for this request and this token', async () => {
      expectDiscovery();
      const asked = tokenEndpoint(granted('token-7'));
      const access = await accessForSystem(profile, REQUEST);
      const sent = gateway('POST', '/graphql?a=1', { body: '{"data":{}}' });
      await access.send('POST', '/graphql?a=1', { query: '{ a }' });
      const request = only(sent);
      expect(request.headers['authorization']).to.equal('DPoP token-7');
      const proof = await proofOf(request);
      expect(proof.claims).to.include({
        htm: 'POST',
        // RFC 9449, section 4.2: without the query.
        htu: `${GATEWAY}/graphql`,
        ath: createHash('sha256').update('token-7').digest('base64url'),
      });
      expect(proof.thumbprint).to.equal((await proofOf(only(asked))).thumbprint);
    });

    it('has a proof of its own each time', async () => {
      const access = await open();
      const read = gateway('GET', '/consents', { body: '[]' });
      await access.send('GET', '/consents');
      const written = gateway('POST', '/handles', { body: '{}' });
      await access.send('POST', '/handles', {});
      const first = await proofOf(only(read));
      const second = await proofOf(only(written));
      expect(first.claims).to.include({ htm: 'GET', htu: `${GATEWAY}/consents` });
      expect(second.claims).to.include({ htm: 'POST', htu: `${GATEWAY}/handles` });
      expect(first.claims.jti).not.to.equal(second.claims.jti);
    });

    it('sends a body as JSON, and returns status and text as they came', async () => {
      const access = await open();
      const sent = gateway('POST', '/graphql', { status: 403, body: '{ "errors" : [] }\n' });
      const reply = await access.send('POST', '/graphql', { query: '{ a }' });
      expect(reply).to.deep.equal({ status: 403, text: '{ "errors" : [] }\n' });
      expect(only(sent).body).to.equal('{"query":"{ a }"}');
      expect(only(sent).headers['content-type']).to.equal('application/json');
    });

    it('sends neither a body nor its type where there is none', async () => {
      const access = await open();
      const sent = gateway('GET', '/consents', { body: '[]' });
      await access.send('GET', '/consents');
      expect(only(sent).body).to.equal('');
      expect(only(sent).headers).not.to.have.property('content-type');
    });

    it('keeps the headers of the request, and replaces its proof', async () => {
      const access = await open();
      const sent = gateway('POST', '/graphql', { body: '{}' });
      const headers = new Headers({ dpop: 'other', 'accept-language': 'kk' });
      const response = await access.fetch('/graphql', { method: 'POST', headers, body: 'text' });
      expect(response.status).to.equal(200);
      const request = only(sent);
      expect(request.headers).to.include({ authorization: 'DPoP token-1', 'accept-language': 'kk' });
      expect((await proofOf(request)).claims).to.include({ htu: `${GATEWAY}/graphql` });
      expect(request.body).to.equal('text');
    });

    it('is sent again with the nonce that the gateway asks for', async () => {
      const access = await open();
      const sent = gateway(
        'POST',
        '/graphql',
        { status: 401, headers: { 'www-authenticate': CHALLENGE, 'dpop-nonce': 'nonce-2' } },
        { body: '{"data":{}}' },
      );
      const reply = await access.send('POST', '/graphql', { query: '{ a }' });
      expect(reply).to.deep.equal({ status: 200, text: '{"data":{}}' });
      const [first, second] = await Promise.all(sent.map(proofOf));
      expect(first?.claims).not.to.have.property('nonce');
      expect(second?.claims).to.include({ nonce: 'nonce-2' });
      expect(sent[1]?.body).to.equal('{"query":"{ a }"}');
    });

    it('returns a refusal by challenge like any other reply', async () => {
      const access = await open();
      const challenge = { 'www-authenticate': 'DPoP error="invalid_token"' };
      gateway('POST', '/graphql', { status: 401, body: { errors: [] }, headers: challenge });
      expect(await access.send('POST', '/graphql', {})).to.deep.equal({ status: 401, text: '{"errors":[]}' });
    });

    it('tells that the gateway cannot be reached, why, and what to do', async () => {
      const access = await open();
      nock(GATEWAY).post('/graphql').replyWithError(networkError('ECONNREFUSED'));
      expect(await rejection(access.send('POST', '/graphql', {}))).to.include({
        name: 'CommandFailure',
        kind: 'failed',
        message: `the gateway at ${GATEWAY} cannot be reached (ECONNREFUSED)`,
        hint: 'Is it running?',
      });
    });
  });
});
