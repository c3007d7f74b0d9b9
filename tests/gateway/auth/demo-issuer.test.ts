import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { importJWK, type CryptoKey } from 'jose';
import * as oidc from 'openid-client';
import { generateCountry } from '../../../demo/country/country.js';
import { issuerKeys, type IssuerKeys } from '../../../demo/issuer/keys.js';
import { startIssuer } from '../../../demo/issuer/start-issuer.js';
import type { Listener } from '../../../demo/registers/listener.js';
import { createAuthenticator, type Authenticator } from '../../../gateway/auth/authenticator.js';
import { systemClock } from '../../../gateway/compose/clock.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import type { Environment } from '../../../gateway/config/schema.js';
import { listen } from '../../../gateway/http/server.js';
import { readHead } from '../../../gateway/http/receive.js';
import { Refusal } from '../../../schemas/refusal.js';
import { MemoryReplayStore } from './party.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';

/** A real issuer, a real client, real HTTP: what the authenticator makes of tokens that it did not sign itself. */
describe('authenticator with the demo issuer', () => {
  let directory: string;
  let keys: IssuerKeys;
  let issuer: Listener;
  let server: Server;
  let url: string;
  let authenticator: Authenticator;
  const issuerConnections = createHttpClient().open({});

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-auth-'));
    keys = await issuerKeys(join(directory, 'keys.json'));
    server = createServer((request, response) => {
      authenticator.authenticate(readHead(request), { party: '127.0.0.1' }).then(
        (answer) => response.end(JSON.stringify(answer)),
        (error: unknown) =>
          response.writeHead(403).end(
            JSON.stringify({
              refused: error instanceof Refusal ? [error.code, ...error.reasons].join(' ') : String(error),
            }),
          ),
      );
    });
    url = await listen(server, { host: '127.0.0.1', port: 0 }, 'server.port');
    issuer = await startIssuer({
      host: '127.0.0.1',
      port: 0,
      audience: `${url}/graphql`,
      officers: 'http://127.0.0.1:4125',
      keys,
      persons: generateCountry().persons,
    });
  });
  after(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    issuerConnections.close();
    await issuer.close();
    await rm(directory, { recursive: true });
  });

  const authenticatorIn = (environment: Environment): Authenticator =>
    createAuthenticator({
      config: parseConfig('tereze.yaml', configFor(environment, url, `http://127.0.0.1:${issuer.port}`), {}),
      clock: systemClock({ timeZone: 'Asia/Almaty' }),
      replay: new MemoryReplayStore(),
      issuerConnections,
      needsCase: (purpose) => (purpose === 'housing_queue' ? true : undefined),
    });

  async function ask(): Promise<Record<string, unknown>> {
    const { kid = '' } = keys.clients.housing;
    const authentication = oidc.PrivateKeyJwt({
      key: (await importJWK(keys.clients.housing, 'ES256')) as CryptoKey,
      kid,
    });
    const configuration = await oidc.discovery(
      new URL(`http://127.0.0.1:${issuer.port}`),
      'housing',
      undefined,
      authentication,
      { algorithm: 'oauth2', execute: [oidc.allowInsecureRequests] },
    );
    const DPoP = oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair('ES256'));
    const details = [
      { type: 'tereze_access', purpose: 'housing_queue', case: { agency: 'housing', number: 'HQ-2026-000101' } },
    ];
    const { access_token } = await oidc.clientCredentialsGrant(
      configuration,
      { authorization_details: JSON.stringify(details) },
      { DPoP },
    );
    const response = await oidc.fetchProtectedResource(
      configuration,
      access_token,
      new URL('/graphql?x=1', url),
      'POST',
      '{}',
      new Headers(),
      { DPoP },
    );
    return (await response.json()) as Record<string, unknown>;
  }

  it('accepts its tokens and the client’s proofs', async () => {
    authenticator = authenticatorIn('demo');
    const answer = await ask();
    expect(answer).to.deep.include({ purpose: 'housing_queue', case: { agency: 'housing', number: 'HQ-2026-000101' } });
    expect(answer['caller']).to.include({ kind: 'system', system: 'housing' });
  });

  it('refuses them outside a demo', async () => {
    authenticator = authenticatorIn('test');
    expect(await ask()).to.deep.equal({ refused: 'ISSUER_UNAVAILABLE issuer_demo_keys' });
  });
});

function configFor(environment: Environment, url: string, issuer: string): string {
  return `version: 1
environment: ${environment}
server: { public_url: "${url}" }
authentication:
  audience: ${url}/graphql
  issuers: [{ issuer: "${issuer}", jwks_uri: "${issuer}/jwks" }]
  agencies: [{ id: housing, bin: "000140000002", name: Housing }]
  systems: [{ client_id: housing, kind: system, agency: housing }]
policies: { secret_file: secret }
registers: {}
audit: { origin: log.example.kz/tereze }
`;
}
