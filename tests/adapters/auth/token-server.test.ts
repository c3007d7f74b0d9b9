import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { authSettings, type Oauth2Settings } from '../../../adapters/auth/settings.js';
import { createTokenServer, TokenServerBusy, type TokenServer } from '../../../adapters/auth/token-server.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import type { HttpConnections } from '../../../schemas/ports/http-client.js';
import { seededRandom, standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { openTokenEndpoint, sendJson, type TokenEndpoint } from './token-endpoint.js';

const SECRET = 'pa:ss/w%rd+';
const clock = standingClock();
const NOW = Math.floor(clock.now().getTime() / 1000);

describe('a token request', () => {
  let folder: string;
  let secretFile: string;
  let endpoint: TokenEndpoint;
  let connections: HttpConnections;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-token-server-'));
    secretFile = join(folder, 'secret');
    writeFileSync(secretFile, `${SECRET}\n`);
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    endpoint = await openTokenEndpoint();
    connections = createHttpClient().open({});
  });
  afterEach(async () => {
    connections.close();
    await endpoint.close();
  });

  const serverOf = (settings: object): TokenServer =>
    createTokenServer({
      settings: authSettings.parse({
        type: 'oauth2',
        token_url: `${endpoint.url}/token`,
        client_id: 'tereze',
        ...settings,
      }) as Oauth2Settings,
      connections,
      clock,
      random: seededRandom(),
      timeoutMs: 60_000,
    });
  const withSecret = (settings: object = {}): TokenServer =>
    serverOf({ client_auth: 'client_secret_basic', secret_file: secretFile, ...settings });
  const asked = (): { readonly authorization: string | undefined; readonly form: object } => {
    const { headers, form } = endpoint.requests[0]!;
    return { authorization: headers.authorization, form: Object.fromEntries(form) };
  };

  it('proves who asks by name and secret in a header, each encoded as a form (RFC 6749, section 2.3.1)', async () => {
    expect(await withSecret().requestToken()).to.deep.equal({ token: 'token-1', lifetimeSeconds: 600 });
    const { authorization, form } = asked();
    const [, encoded = ''] = authorization?.split(' ') ?? [];
    expect(Buffer.from(encoded, 'base64').toString()).to.equal('tereze:pa%3Ass%2Fw%25rd%2B');
    expect(form).to.deep.equal({ grant_type: 'client_credentials' });
    expect(endpoint.requests[0]).to.include({ method: 'POST', path: '/token' });
  });

  it('proves it by name and secret in the form', async () => {
    await withSecret({ client_auth: 'client_secret_post' }).requestToken();
    const { authorization, form } = asked();
    expect([authorization, form]).to.deep.equal([
      undefined,
      { grant_type: 'client_credentials', client_id: 'tereze', client_secret: SECRET },
    ]);
  });

  it('asks for scope, resources and audiences', async () => {
    await withSecret({ scope: 'read:a read:b', resource: ['https://a', 'https://b'], audience: 'c' }).requestToken();
    const { form } = endpoint.requests[0]!;
    expect([form.getAll('scope'), form.getAll('resource'), form.getAll('audience')]).to.deep.equal([
      ['read:a read:b'],
      ['https://a', 'https://b'],
      ['c'],
    ]);
  });

  describe('with an assertion (RFC 7523)', () => {
    const keyFile = (key: KeyObject, type: 'pkcs8' | 'sec1' | 'pkcs1' = 'pkcs8'): string => {
      const file = join(folder, 'key.pem');
      writeFileSync(file, key.export({ type, format: 'pem' } as never) as string);
      return file;
    };
    const verified = async (publicKey: KeyObject, audience: string): Promise<object> => {
      const { form } = endpoint.requests[0]!;
      expect(form.get('client_assertion_type')).to.equal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
      const assertion = form.get('client_assertion') ?? '';
      const { payload } = await jwtVerify(assertion, publicKey, { audience, currentDate: clock.now() });
      return { header: decodeProtectedHeader(assertion), payload };
    };

    const KEYS = [
      {
        what: 'RSA',
        algorithm: undefined,
        alg: 'RS256',
        pair: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
      },
      {
        what: 'RSA',
        algorithm: 'PS384',
        alg: 'PS384',
        pair: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
      },
      {
        what: 'P-256',
        algorithm: undefined,
        alg: 'ES256',
        pair: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      },
      {
        what: 'P-521',
        algorithm: undefined,
        alg: 'ES512',
        pair: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
      },
      { what: 'Ed25519', algorithm: undefined, alg: 'EdDSA', pair: () => generateKeyPairSync('ed25519') },
    ] as const;
    for (const { what, algorithm, alg, pair } of KEYS) {
      it(`signs with a key of ${what} by ${alg}`, async () => {
        const { publicKey, privateKey } = pair();
        const file = keyFile(privateKey);
        await serverOf({ client_auth: 'private_key_jwt', key_file: file, algorithm }).requestToken();
        expect(await verified(publicKey, `${endpoint.url}/token`)).to.deep.include({ header: { alg } });
      });
    }

    it('takes a key in the forms of openssl', async () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await serverOf({ client_auth: 'private_key_jwt', key_file: keyFile(privateKey, 'sec1') }).requestToken();
      await verified(publicKey, `${endpoint.url}/token`);
    });

    it('says who asks, when, for how long, and once only; and what else is wanted', async () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const server = serverOf({
        client_auth: 'private_key_jwt',
        key_file: keyFile(privateKey),
        key_id: 'k-1',
        assertion_audience: 'https://other.example',
        claims: { resource: 'https://register.example', consumer_org: { ID: '0192:991825827' } },
      });
      await server.requestToken();
      await server.requestToken();
      const { header, payload } = (await verified(publicKey, 'https://other.example')) as {
        header: object;
        payload: { jti?: string };
      };
      expect(header).to.deep.equal({ alg: 'ES256', kid: 'k-1' });
      expect(payload).to.deep.include({
        iss: 'tereze',
        sub: 'tereze',
        iat: NOW,
        nbf: NOW,
        exp: NOW + 60,
        resource: 'https://register.example',
        consumer_org: { ID: '0192:991825827' },
      });
      const ids = endpoint.requests.map(({ form }) => {
        const [, part = ''] = form.get('client_assertion')?.split('.') ?? [];
        return (JSON.parse(Buffer.from(part, 'base64url').toString()) as { jti: string }).jti;
      });
      expect(new Set(ids).size).to.equal(2);
      expect(ids[0]).to.equal(payload.jti);
    });

    it('refuses at once a file that holds no such key, and tells nothing of it', () => {
      const file = join(folder, 'key.pem');
      writeFileSync(file, '-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n');
      const open =
        (settings: object = {}) =>
        () =>
          serverOf({ client_auth: 'private_key_jwt', key_file: file, ...settings });
      expect(open()).to.throw(`${file} holds no private key (PEM)`).and.not.match(/hush/);
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      keyFile(privateKey);
      expect(open({ algorithm: 'RS256' })).to.throw(`${file} holds no key for RS256: it fits ES256`);
      keyFile(generateKeyPairSync('x25519').privateKey);
      expect(open()).to.throw(`${file} holds no key for an assertion: it fits none`);
    });
  });

  describe('to an issuer', () => {
    for (const place of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']) {
      it(`finds the token endpoint by ${place}, once`, async () => {
        endpoint.answer = (response, { path }, number) => {
          if (path === '/t') sendJson(response, { access_token: `token-${number}`, token_type: 'bearer' });
          else if (path === place) sendJson(response, { issuer: endpoint.url, token_endpoint: `${endpoint.url}/t` });
          else response.writeHead(404).end();
        };
        const server = withSecret({ token_url: undefined, issuer: endpoint.url });
        expect(await server.requestToken()).to.have.property('lifetimeSeconds', undefined);
        await server.requestToken();
        expect(endpoint.requests.map(({ path }) => path).slice(-3)).to.deep.equal([place, '/t', '/t']);
      });
    }

    it('that names another issuer is refused', async () => {
      endpoint.answer = (response) =>
        sendJson(response, { issuer: 'https://other.example', token_endpoint: `${endpoint.url}/t` });
      await rejection(withSecret({ token_url: undefined, issuer: endpoint.url }).requestToken());
      expect(endpoint.requests.map(({ method }) => method)).to.deep.equal(['GET', 'GET']);
    });
  });

  const ANSWERS: readonly { what: string; answer: TokenEndpoint['answer'] }[] = [
    { what: 'a refusal', answer: (response) => sendJson(response, { error: 'invalid_client' }, 401) },
    { what: 'an error', answer: (response) => void response.writeHead(500).end('hush') },
    { what: 'a redirect', answer: (response) => void response.writeHead(302, { Location: '/elsewhere' }).end() },
    { what: 'nothing', answer: (response) => void response.writeHead(204).end() },
    { what: 'a page', answer: (response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>') },
    { what: 'no token', answer: (response) => sendJson(response, { token_type: 'bearer' }) },
    {
      what: 'a token bound to a key',
      answer: (response) => sendJson(response, { access_token: 'a', token_type: 'DPoP' }),
    },
    {
      what: 'a token that no header takes',
      answer: (response) => sendJson(response, { access_token: 'a\r\nX-Injected: 1', token_type: 'bearer' }),
    },
    {
      what: 'more than a token',
      answer: (response) => sendJson(response, { access_token: 'a', token_type: 'bearer', more: 'x'.repeat(200_000) }),
    },
  ];
  for (const { what, answer } of ANSWERS) {
    it(`that is answered by ${what} gives no token, and is not repeated`, async () => {
      endpoint.answer = answer;
      expect(await rejection(withSecret().requestToken())).to.be.instanceOf(Error);
      expect(endpoint.requests).to.have.length(1);
    });
  }

  it('that is answered by "later" says when', async () => {
    endpoint.answer = (response) => void response.writeHead(429, { 'Retry-After': '7' }).end();
    const error = await rejection(withSecret().requestToken());
    const busy = [error, (error as Error).cause].find((one) => one instanceof TokenServerBusy);
    expect(busy).to.have.property('retryAfter', '7');
  });
});
