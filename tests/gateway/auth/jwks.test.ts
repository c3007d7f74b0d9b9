import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createIssuerKeys } from '../../../gateway/auth/jwks.js';
import type { Environment } from '../../../gateway/config/schema.js';
import { ISSUER, newKeys, Party, refusalOf } from './party.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';

describe('keys of issuers', () => {
  it('are fetched once, from the configured address of the token’s issuer only', async () => {
    const party = await Party.make();
    await party.withToken();
    await party.withToken({ claims: { jti: 'token-2' } });
    expect(party.fetched).to.deep.equal([`${ISSUER}/jwks`]);
  });

  it('are not fetched again for every invented key id', async () => {
    const party = await Party.make();
    await party.withToken();
    for (let guess = 0; guess < 20; guess += 1) await refusalOf(party.withToken({ header: { kid: `guess-${guess}` } }));
    expect(party.fetched).to.have.lengthOf(1);
  });

  const unusable: readonly (readonly [string, () => Response | never, string])[] = [
    [
      'the issuer is down',
      () => {
        throw new TypeError('fetch failed');
      },
      'issuer_unreachable',
    ],
    ['the issuer answers 500', () => new Response('oops', { status: 500 }), 'issuer_unreachable'],
    [
      'the issuer redirects',
      () => new Response(undefined, { status: 302, headers: { location: 'https://evil.example' } }),
      'issuer_unreachable',
    ],
    ['the answer is no JSON', () => new Response('<html>'), 'issuer_keys_malformed'],
    ['the answer is no key set', () => Response.json({ kays: [] }), 'issuer_keys_malformed'],
    [
      'a name is given twice',
      () => new Response('{"keys":[],"keys":[{"kty":"EC","kid":"key-1","kid":"key-2"}]}'),
      'issuer_keys_malformed',
    ],
    ['the answer is not UTF-8', () => new Response(Buffer.from([0x22, 0xc8, 0x22])), 'issuer_keys_malformed'],
    ['the answer does not end', () => new Response(' '.repeat(300_000)), 'issuer_keys_malformed'],
    ['the keys are a demo’s', () => Response.json({ keys: [{ kty: 'EC', kid: 'demo-issuer-1' }] }), 'issuer_demo_keys'],
  ];
  for (const [why, publish, reason] of unusable) {
    it(`refuse every token when ${why}`, async () => {
      const party = await Party.make();
      party.publish = publish;
      expect(await refusalOf(party.withToken())).to.equal(`ISSUER_UNAVAILABLE ${reason}`);
      expect((await party.authenticator.warmUp()).map(({ issuer, reason: why }) => `${issuer} ${why}`)).to.include(
        `${ISSUER} ${reason}`,
      );
    });
  }

  it('work again when the issuer does', async () => {
    const party = await Party.make();
    const publish = party.publish;
    party.publish = () => {
      throw new TypeError('fetch failed');
    };
    await refusalOf(party.withToken());
    party.publish = publish;
    expect((await party.withToken()).caller.system).to.equal('housing');
  });

  for (const [environment, isTaken] of [
    ['demo', true],
    ['test', false],
    ['production', false],
  ] as const) {
    it(`of a demo are ${isTaken ? 'taken' : 'refused'} in ${environment}`, async () => {
      const party = await Party.make({ environment });
      party.publish = () => Response.json({ keys: [{ ...party.issuerKeys.jwk, kid: 'demo-issuer-1' }] });
      const attempt = party.withToken({ header: { kid: 'demo-issuer-1' } });
      if (isTaken) expect((await attempt).caller.system).to.equal('housing');
      else expect(await refusalOf(attempt)).to.equal('ISSUER_UNAVAILABLE issuer_demo_keys');
    });
  }

  describe('over HTTP', () => {
    let server: Server;
    let answer: (respond: (status: number, body: string) => void) => void;
    beforeEach(async () => {
      server = createServer((_request, response) =>
        answer((status, body) => void response.writeHead(status).end(body)),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach((done) => {
      server.close(done);
      server.closeAllConnections();
    });

    it('are had from a real server', async () => {
      const { jwk } = await newKeys();
      answer = (respond) => respond(200, JSON.stringify({ keys: [{ ...jwk, kid: 'key-1' }] }));
      const { keys, fetched } = keysOf(server, 'test');
      expect(await keys.warmUp()).to.deep.equal([]);
      expect(fetched).to.deep.equal(['https://id.example']);
    });

    it('are given up when the server hangs', async () => {
      answer = () => undefined;
      expect((await keysOf(server, 'test', 200).keys.warmUp()).map(({ reason }) => reason)).to.deep.equal([
        'issuer_unreachable',
      ]);
    });
  });
});

function keysOf(server: Server, environment: Environment, timeoutMs = 60_000) {
  const fetched: string[] = [];
  const { port } = server.address() as AddressInfo;
  const keys = createIssuerKeys({
    issuers: [
      {
        issuer: ISSUER,
        jwks_uri: `http://127.0.0.1:${port}/jwks`,
        algorithms: ['ES256'],
        assurance: {},
        names_officers: false,
      },
    ],
    environment,
    timeoutMs,
    maxAgeSeconds: 600,
    connections: createHttpClient().open({}),
    onChanged: (issuer) => fetched.push(issuer),
  });
  return { keys, fetched };
}
