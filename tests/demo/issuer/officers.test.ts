import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { calculateJwkThumbprint, decodeJwt, SignJWT } from 'jose';
import { generateCountry } from '../../../demo/country/country.js';
import { issuerKeys } from '../../../demo/issuer/keys.js';
import { DEMO_OFFICERS, OFFICER_CLI_CLIENT, OFFICER_PAGE_CLIENT } from '../../../demo/issuer/officers.js';
import { startIssuer } from '../../../demo/issuer/start-issuer.js';
import type { Listener } from '../../../demo/registers/listener.js';
import { newKeys, type Keys } from '../../gateway/auth/party.js';
import { Browser } from './browser.js';

const OFFICERS = 'http://127.0.0.1:4125';
const RESOURCE = `${OFFICERS}/audit/v1`;
const OFFICER = { officer: 'officer-housing-1' };
/** Redirect addresses of the two clients: the command line’s with any port (RFC 8252, section 7.3). */
const REDIRECTS = {
  [OFFICER_CLI_CLIENT]: 'http://127.0.0.1:49153/callback',
  [OFFICER_PAGE_CLIENT]: `${OFFICERS}/sign-in/callback`,
} as const;
type ClientId = keyof typeof REDIRECTS;

const proofFor = ({ jwk, privateKey }: Keys, htu: string): Promise<string> =>
  new SignJWT({ htm: 'POST', htu, jti: randomBytes(16).toString('hex') })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { ...jwk } })
    .setIssuedAt()
    .sign(privateKey);

/** Speaks the protocol itself: what a client library would refuse to send is what is tested here. */
describe('the issuer for officers', () => {
  let directory: string;
  let listener: Listener;
  let endpoints: Readonly<Record<string, string>>;
  let holder: Keys;
  /** How far the issuer's time is ahead, in milliseconds. */
  let ahead = 0;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-issuer-'));
    listener = await startIssuer({
      host: '127.0.0.1',
      port: 0,
      audience: 'http://127.0.0.1:4000/graphql',
      officers: OFFICERS,
      keys: await issuerKeys(join(directory, 'keys.json')),
      persons: generateCountry().persons,
      now: () => Date.now() + ahead,
    });
    const issuer = `http://127.0.0.1:${listener.port}`;
    endpoints = (await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()) as typeof endpoints;
    holder = await newKeys();
  });
  after(async () => {
    await listener.close();
    await rm(directory, { recursive: true });
  });

  const endpoint = (name: string): string => {
    const url = endpoints[name];
    if (url === undefined) throw new Error(`the metadata names no ${name}`);
    return url;
  };

  interface Attempt {
    readonly client?: string;
    readonly redirect?: string;
    /** Parameters of the authorization request instead of the right ones; undefined leaves one out. */
    readonly request?: Readonly<Record<string, string | undefined>>;
    readonly choice?: Readonly<Record<string, string>>;
    readonly browser?: Browser;
  }

  interface Begun {
    readonly callback: URL | undefined;
    readonly browser: Browser;
    readonly verifier: string;
    readonly redirect: string;
    readonly client: string;
  }

  async function begin({
    client = OFFICER_CLI_CLIENT,
    request = {},
    choice = OFFICER,
    ...rest
  }: Attempt = {}): Promise<Begun> {
    const { redirect = REDIRECTS[client as ClientId], browser = new Browser() } = rest;
    const verifier = randomBytes(32).toString('base64url');
    const parameters = {
      client_id: client,
      redirect_uri: redirect,
      response_type: 'code',
      scope: 'openid',
      state: 'state-of-the-client',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...request,
    };
    const given = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
    const start = new URL(`${endpoint('authorization_endpoint')}?${new URLSearchParams(given).toString()}`);
    return { callback: await browser.signIn(start, redirect, choice), browser, verifier, redirect, client };
  }

  interface Redeeming {
    readonly verifier?: string | undefined;
    readonly redirect?: string;
    readonly client?: string;
    readonly proofBy?: Keys | undefined;
  }

  async function redeem(
    begun: Begun,
    { proofBy = holder, ...changed }: Redeeming = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const { verifier, redirect, client, callback } = { ...begun, ...changed };
    const url = endpoint('token_endpoint');
    const response = await fetch(url, {
      method: 'POST',
      headers: { dpop: await proofFor(proofBy, url) },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: callback?.searchParams.get('code') ?? '',
        redirect_uri: redirect,
        client_id: client,
        ...(verifier === undefined ? {} : { code_verifier: verifier }),
      }),
    });
    return (await response.json()) as Readonly<Record<string, unknown>>;
  }

  it('names its endpoints in its metadata (RFC 8414)', () => {
    for (const name of [
      'authorization_endpoint',
      'token_endpoint',
      'end_session_endpoint',
      'pushed_authorization_request_endpoint',
    ])
      expect(endpoint(name)).to.match(/^http:\/\/127\.0\.0\.1:\d+\//);
    expect(endpoints['code_challenge_methods_supported']).to.deep.equal(['S256']);
    expect(endpoints['dpop_signing_alg_values_supported']).to.deep.equal(['ES256']);
  });

  for (const client of Object.keys(REDIRECTS) as ClientId[])
    it(`signs officers in through ${client}, with a token for the officers’ address only, bound to their key`, async () => {
      for (const { subject, iin } of DEMO_OFFICERS) {
        const begun = await begin({ client, choice: { officer: subject } });
        expect(begun.callback?.searchParams.get('state')).to.equal('state-of-the-client');
        const { access_token: token, token_type: type, expires_in: lasts } = await redeem(begun);
        expect([type, lasts]).to.deep.equal(['DPoP', 1_800]);
        const claims = decodeJwt(String(token));
        expect(claims).to.include({ sub: subject, client_id: client, aud: RESOURCE, iin });
        expect(claims['cnf']).to.deep.equal({ jkt: await calculateJwkThumbprint(holder.jwk) });
        expect(begun.browser.visited.join('\n')).not.to.include(iin);
      }
    });

  it('shows officers to officers’ clients, and citizens to no one there', async () => {
    const { browser } = await begin();
    const pages = browser.pages.join('\n');
    for (const { subject } of DEMO_OFFICERS) expect(pages).to.include(subject);
    expect(pages).not.to.match(/\d{12}/);
    const number = DEMO_OFFICERS[0]?.iin ?? '';
    expect((await begin({ choice: { officer: number } })).callback).to.equal(undefined);
    expect((await begin({ choice: { iin: number } })).callback).to.equal(undefined);
  });

  it('takes an authorization request that was pushed (RFC 9126)', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const pushed = await fetch(endpoint('pushed_authorization_request_endpoint'), {
      method: 'POST',
      body: new URLSearchParams({
        client_id: OFFICER_CLI_CLIENT,
        redirect_uri: REDIRECTS[OFFICER_CLI_CLIENT],
        response_type: 'code',
        scope: 'openid',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }),
    });
    const { request_uri } = (await pushed.json()) as { readonly request_uri: string };
    const only = { redirect_uri: undefined, response_type: undefined, scope: undefined, state: undefined };
    const noChallenge = { code_challenge: undefined, code_challenge_method: undefined };
    const begun = await begin({ request: { request_uri, ...only, ...noChallenge } });
    expect(await redeem(begun, { verifier })).to.include({ token_type: 'DPoP' });
  });

  describe('refuses', () => {
    const refused: Readonly<Record<string, Attempt>> = {
      'an unknown client': { client: 'someone-else', redirect: REDIRECTS[OFFICER_CLI_CLIENT] },
      'another redirect address': { redirect: 'http://127.0.0.1:49153/elsewhere' },
      'a redirect address of another host': { redirect: 'http://attacker.example/callback' },
      'the page’s redirect address with another port': {
        client: OFFICER_PAGE_CLIENT,
        redirect: 'http://127.0.0.1:4999/sign-in/callback',
      },
    };
    for (const [name, attempt] of Object.entries(refused))
      it(`${name}, and sends the browser nowhere`, async () => {
        const { callback, browser } = await begin(attempt);
        expect(callback).to.equal(undefined);
        expect(browser.lastStatus).to.equal(400);
      });

    const atTheClient: Readonly<Record<string, [Attempt['request'], string]>> = {
      'a missing challenge': [{ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
      'a plain challenge': [{ code_challenge_method: 'plain' }, 'invalid_request'],
      'a challenge without its method': [{ code_challenge_method: undefined }, 'invalid_request'],
      'the resource of callers': [{ resource: 'http://127.0.0.1:4000/graphql' }, 'invalid_target'],
      'purposes of callers': [
        { authorization_details: '[{"type":"tereze_access","purpose":"own_data"}]' },
        'invalid_authorization_details',
      ],
    };
    for (const [name, [request, error]] of Object.entries(atTheClient))
      it(`${name} (${error})`, async () => {
        const { callback } = await begin({ request: request ?? {} });
        expect(callback?.searchParams.get('error')).to.equal(error);
        expect(callback?.searchParams.get('code')).to.equal(null);
      });

    it('a code that was used', async () => {
      const begun = await begin();
      expect(await redeem(begun)).to.have.property('access_token');
      expect(await redeem(begun)).to.deep.include({ error: 'invalid_grant' });
    });

    it('a code after a minute', async () => {
      const begun = await begin();
      ahead = 61_000;
      const late = await redeem(begun);
      ahead = 0;
      expect(late).to.deep.include({ error: 'invalid_grant' });
    });

    it('another verifier, and none', async () => {
      const other = randomBytes(32).toString('base64url');
      expect(await redeem(await begin(), { verifier: other })).to.deep.include({ error: 'invalid_grant' });
      const begun = await begin();
      expect(await redeem(begun, { verifier: undefined })).to.deep.include({ error: 'invalid_grant' });
    });

    it('a code of another client or redirect address', async () => {
      expect(await redeem(await begin(), { client: OFFICER_PAGE_CLIENT })).to.deep.include({ error: 'invalid_grant' });
      expect(await redeem(await begin(), { redirect: 'http://127.0.0.1:49154/callback' })).to.deep.include({
        error: 'invalid_grant',
      });
    });

    it('another DPoP key than the request was bound to (RFC 9449, section 10)', async () => {
      const dpop_jkt = await calculateJwkThumbprint(holder.jwk);
      expect(await redeem(await begin({ request: { dpop_jkt } }))).to.include({ token_type: 'DPoP' });
      const others = await newKeys();
      expect(await redeem(await begin({ request: { dpop_jkt } }), { proofBy: others })).to.deep.include({
        error: 'invalid_grant',
      });
    });

    it('a request without a proof', async () => {
      const { callback, redirect, verifier } = await begin();
      const response = await fetch(endpoint('token_endpoint'), {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: callback?.searchParams.get('code') ?? '',
          redirect_uri: redirect,
          client_id: OFFICER_CLI_CLIENT,
          code_verifier: verifier,
        }),
      });
      expect(response.status).to.equal(400);
    });
  });

  it('keeps a sign-in until the sign-out, which comes back to the page', async () => {
    const browser = new Browser();
    const client = OFFICER_PAGE_CLIENT;
    const first = await redeem(await begin({ client, browser }));
    const shown = browser.pages.length;
    expect((await begin({ client, browser })).callback?.searchParams.get('code')).to.be.a('string');
    expect(browser.pages.length, 'no form the second time').to.equal(shown);
    const out = new URL(endpoint('end_session_endpoint'));
    out.search = new URLSearchParams({
      id_token_hint: String(first['id_token']),
      post_logout_redirect_uri: `${OFFICERS}/signed-out`,
      state: 'out',
    }).toString();
    expect(
      (await browser.signIn(out, `${OFFICERS}/signed-out`, { logout: 'yes' }))?.searchParams.get('state'),
    ).to.equal('out');
    await begin({ client, browser });
    expect(browser.pages.length, 'the form again').to.be.above(shown + 1);
  });

  it('lets another officer sign in where one is signed in', async () => {
    const browser = new Browser();
    await begin({ browser });
    const begun = await begin({ browser, request: { prompt: 'login' }, choice: { officer: 'officer-national' } });
    expect(decodeJwt(String((await redeem(begun))['access_token'])).sub).to.equal('officer-national');
  });
});
