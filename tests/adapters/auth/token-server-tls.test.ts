import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { openConnections, type RegisterConnections } from '../../../adapters/auth/open-credentials.js';
import { authSettings } from '../../../adapters/auth/settings.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { runningClock, seededRandom, silentObserver } from '../../doubles.js';
import { issueCertificate } from '../../ports/issued-certificate.js';
import { rejection } from '../../rejection.js';
import { openTokenEndpoint, sendJson, type TokenEndpoint } from './token-endpoint.js';

const clock = runningClock();
const authority = issueCertificate({ name: 'token authority' });
const other = issueCertificate({ name: 'other authority' });
const right = issueCertificate({ name: 'tokens', hosts: ['127.0.0.1', 'tokens.example'], by: authority });
const client = issueCertificate({ name: 'tereze', by: authority });

describe('a token server over TLS', () => {
  let folder: string;
  let endpoint: TokenEndpoint | undefined;
  let opened: RegisterConnections | undefined;
  const file = (name: string): string => join(folder, name);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-token-tls-'));
    writeFileSync(file('ca.pem'), authority.certificate);
    writeFileSync(file('other-ca.pem'), other.certificate);
    writeFileSync(file('client.pem'), client.certificate);
    writeFileSync(file('client.key'), client.key);
    writeFileSync(file('secret'), 'hush');
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    opened?.connections.close();
    await endpoint?.close();
    [opened, endpoint] = [undefined, undefined];
  });

  const authorization = async (
    server: ServerOptions,
    tls: object,
    settings: object = { client_auth: 'client_secret_post', secret_file: file('secret') },
  ): Promise<string | undefined> => {
    endpoint = await openTokenEndpoint(server);
    opened = openConnections(
      {
        auth: authSettings.parse({
          type: 'oauth2',
          ...('issuer' in settings ? { issuer: endpoint.url } : { token_url: `${endpoint.url}/token` }),
          client_id: 'tereze',
          ...settings,
          ...('issuer' in settings ? { issuer: endpoint.url } : {}),
          tls,
        }),
        max_in_flight: 1,
        timeout_ms: 3_000,
      },
      { register: 'guarded', http: createHttpClient(), clock, random: seededRandom(), observer: silentObserver() },
    );
    const { headers } = await opened.credentials.fetch({ deadline: clock.monotonic() + 5_000 });
    return headers['Authorization'];
  };
  const ownCa = (): object => ({ ca_file: file('ca.pem') });
  const withClient = (): object => ({ ...ownCa(), cert_file: file('client.pem'), key_file: file('client.key') });
  const server = ({ certificate: cert, key }: typeof right): ServerOptions => ({ cert, key });
  const demanding = (): ServerOptions => ({
    ...server(right),
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: true,
  });

  it('is trusted by an authority of its own', async () => {
    expect(await authorization(server(right), ownCa())).to.equal('Bearer token-1');
  });

  it('is trusted by a name of its own', async () => {
    expect(await authorization(server(right), { ...ownCa(), server_name: 'tokens.example' })).to.equal(
      'Bearer token-1',
    );
  });

  it('is shown the certificate of the gateway', async () => {
    expect(await authorization(demanding(), withClient())).to.equal('Bearer token-1');
  });

  for (const { name, made, tls, reason } of [
    { name: 'an authority that is not trusted', made: right, tls: { ca: 'other-ca.pem' }, reason: 'tls_untrusted' },
    { name: 'no authority of its own', made: right, tls: {}, reason: 'tls_untrusted' },
    {
      name: 'another name',
      made: issueCertificate({ name: 'tokens', hosts: ['elsewhere.example'], by: authority }),
      tls: { ca: 'ca.pem' },
      reason: 'tls_name_mismatch',
    },
    {
      name: 'another server_name',
      made: right,
      tls: { ca: 'ca.pem', server_name: 'x.example' },
      reason: 'tls_name_mismatch',
    },
    {
      name: 'a certificate that has ended',
      made: issueCertificate({
        name: 'tokens',
        hosts: ['127.0.0.1'],
        by: authority,
        to: new Date('2021-01-01T00:00:00Z'),
      }),
      tls: { ca: 'ca.pem' },
      reason: 'tls_expired',
    },
    {
      name: 'a certificate that has not begun',
      made: issueCertificate({
        name: 'tokens',
        hosts: ['127.0.0.1'],
        by: authority,
        from: new Date('2110-01-01T00:00:00Z'),
      }),
      tls: { ca: 'ca.pem' },
      reason: 'tls_expired',
    },
  ])
    it(`gets no question with ${name}`, async () => {
      const { ca, ...more } = tls as { readonly ca?: string };
      const settings = { ...(ca === undefined ? {} : { ca_file: file(ca) }), ...more };
      expect(await rejection(authorization(server(made), settings))).to.include({ reason });
      expect(endpoint?.requests).to.deep.equal([]);
    });

  it('gets no question if it asks for a certificate that the gateway does not have', async () => {
    expect(await rejection(authorization(demanding(), ownCa()))).to.include({ reason: 'tls_client_certificate' });
    expect(endpoint?.requests).to.deep.equal([]);
  });

  it('knows the gateway by that certificate alone (RFC 8705)', async () => {
    expect(await authorization(demanding(), withClient(), { client_auth: 'tls_client_auth' })).to.equal(
      'Bearer token-1',
    );
    expect(Object.fromEntries(endpoint?.requests[0]?.form ?? [])).to.deep.equal({
      client_id: 'tereze',
      grant_type: 'client_credentials',
    });
    expect(endpoint?.requests[0]?.headers.authorization).to.equal(undefined);
  });

  it('is asked at the address for certificates that its metadata name (RFC 8705, section 5)', async () => {
    const names: (string | undefined)[] = [];
    const options = demanding();
    const reading = authorization(options, withClient(), { client_auth: 'tls_client_auth', issuer: true });
    while (endpoint === undefined) await new Promise(setImmediate);
    const { url } = endpoint;
    endpoint.answer = (response, { path }) => {
      names.push(path, (response.socket as TLSSocket).getPeerCertificate().subject.CN?.toString());
      if (path === '/mtls') return sendJson(response, { access_token: 'bound', token_type: 'Bearer', expires_in: 60 });
      return sendJson(response, {
        issuer: url,
        token_endpoint: `${url}/token`,
        mtls_endpoint_aliases: { token_endpoint: `${url}/mtls` },
      });
    };
    expect(await reading).to.equal('Bearer bound');
    expect(names).to.deep.equal(['/.well-known/openid-configuration', 'tereze', '/mtls', 'tereze']);
  });
});
