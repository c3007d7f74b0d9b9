import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeJwt, exportJWK } from 'jose';
import { authSettings, type Oauth2Settings } from '../../../adapters/auth/settings.js';
import { createTokenServer, type TokenServer } from '../../../adapters/auth/token-server.js';
import { UNSUPPORTED_RUNTIME, withoutWarning } from '../../../demo/issuer/start-issuer.js';
import { IssuerStore } from '../../../demo/issuer/store.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { systemRandom } from '../../../gateway/compose/random.js';
import type { HttpConnections } from '../../../schemas/ports/http-client.js';
import { runningClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';

const RESOURCE = 'https://register.example/api';
const SECRET = 'a-secret-with+and%and/of-enough-characters';
/** The token server reads the time of the system. */
const clock = { ...runningClock(), now: () => new Date() };

/** A token server that other people wrote: `oidc-provider`. */
describe('a token of oidc-provider', function () {
  this.timeout(30_000);
  const keys = {
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
  let folder: string;
  let server: Server;
  let issuer: string;
  let connections: HttpConnections;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-oidc-'));
    writeFileSync(join(folder, 'secret'), SECRET);
    for (const [name, { privateKey }] of Object.entries(keys))
      writeFileSync(join(folder, name), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', await provider(issuer));
    connections = createHttpClient().open({});
  });
  after(async () => {
    connections.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const provider = async (at: string): Promise<RequestListener> => {
    const { default: Provider } = await withoutWarning(UNSUPPORTED_RUNTIME, () => import('oidc-provider'));
    const signing = { ...(await exportJWK(keys.ec.privateKey)), alg: 'ES256', use: 'sig', kid: 'signing' };
    const client = (id: string, more: object): object => ({
      client_id: id,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      ...more,
    });
    const jwks = async (name: keyof typeof keys, alg: string): Promise<object> => ({
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: alg,
      jwks: { keys: [{ ...(await exportJWK(keys[name].publicKey)), alg, use: 'sig', kid: name }] },
    });
    const secret = (method: string): object => ({ token_endpoint_auth_method: method, client_secret: SECRET });
    const store = new IssuerStore(Date.now);
    const served = new Provider(at, {
      adapter: (model: string) => store.adapterFor(model),
      jwks: { keys: [signing] },
      cookies: { keys: ['of the test'] },
      clients: [
        client('by-ec', await jwks('ec', 'ES256')),
        client('by-rsa', await jwks('rsa', 'PS256')),
        client('by-header', secret('client_secret_basic')),
        client('by-form', secret('client_secret_post')),
      ] as never,
      ttl: { ClientCredentials: 90 },
      clientDefaults: { id_token_signed_response_alg: 'ES256' },
      enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256', 'PS256'] },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: () => ({
            scope: 'person.read',
            audience: RESOURCE,
            accessTokenTTL: 90,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          }),
        },
      },
    });
    const handle = served.callback();
    return (request, response) => void handle(request, response);
  };

  const serverOf = (settings: object): TokenServer =>
    createTokenServer({
      settings: authSettings.parse({
        type: 'oauth2',
        issuer,
        scope: 'person.read',
        resource: RESOURCE,
        ...settings,
      }) as Oauth2Settings,
      connections,
      clock,
      random: systemRandom,
      timeoutMs: 5_000,
    });
  const file = (name: string): string => join(folder, name);
  const WAYS = [
    { client_id: 'by-ec', client_auth: 'private_key_jwt', key: 'ec', key_id: 'ec' },
    { client_id: 'by-rsa', client_auth: 'private_key_jwt', key: 'rsa', algorithm: 'PS256' },
    { client_id: 'by-header', client_auth: 'client_secret_basic' },
    { client_id: 'by-form', client_auth: 'client_secret_post' },
  ] as const;
  const filed = ({ key, ...way }: { readonly key?: string; readonly client_auth: string }): object =>
    key === undefined ? { ...way, secret_file: file('secret') } : { ...way, key_file: file(key) };

  for (const way of WAYS) {
    it(`is given to ${way.client_id} (${way.client_auth}), for the resource and scope asked for`, async () => {
      const { token, lifetimeSeconds } = await serverOf(filed(way)).requestToken();
      expect(lifetimeSeconds).to.equal(90);
      expect(decodeJwt(token)).to.include({ client_id: way.client_id, aud: RESOURCE, scope: 'person.read' });
    });
  }

  it('is given at a token_url without discovery, if the assertion is for the issuer', async () => {
    const by = { ...filed(WAYS[0]), issuer: undefined, token_url: `${issuer}/token` };
    const { token } = await serverOf({ ...by, assertion_audience: issuer }).requestToken();
    expect(decodeJwt(token)).to.include({ iss: issuer });
  });

  it('is not given to a client with another secret or key', async () => {
    writeFileSync(file('other'), 'another-secret');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(file('other-key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    for (const by of [
      { ...filed(WAYS[2]), secret_file: file('other') },
      { ...filed(WAYS[0]), key_file: file('other-key') },
    ])
      expect(await rejection(serverOf(by).requestToken())).to.include({ error: 'invalid_client' });
  });
});
