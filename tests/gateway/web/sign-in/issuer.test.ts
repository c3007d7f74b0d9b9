import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { generateCountry } from '../../../../demo/country/country.js';
import { issuerKeys } from '../../../../demo/issuer/keys.js';
import { OFFICER_PAGE_CLIENT } from '../../../../demo/issuer/officers.js';
import { startIssuer } from '../../../../demo/issuer/start-issuer.js';
import type { Listener } from '../../../../demo/registers/listener.js';
import { SIGNED_IN_PATH } from '../../../../gateway/web/pages/sign-in.js';
import { createSignInIssuer, type SignInIssuer } from '../../../../gateway/web/sign-in/issuer.js';
import { Refusal } from '../../../../schemas/refusal.js';
import { Browser } from '../../../demo/issuer/browser.js';
import { seededRandom } from '../../../doubles.js';
import { rejection } from '../../../rejection.js';

const PAGES = 'http://127.0.0.1:4125';
const BEGUN = { state: 'the-state', nonce: 'the-nonce', verifier: 'v'.repeat(43) };

/** Against the demo's issuer, which is another implementation of the protocol. */
describe('the issuer at which officers sign in', function () {
  this.timeout(60_000);
  let directory: string;
  let listener: Listener;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-issuer-'));
    listener = await startIssuer({
      ...{ host: '127.0.0.1', port: 0, audience: 'http://127.0.0.1:4000/graphql', officers: PAGES },
      keys: await issuerKeys(join(directory, 'keys.json')),
      persons: generateCountry().persons,
    });
  });
  after(async () => {
    await listener.close();
    await rm(directory, { recursive: true });
  });

  const issuerOf = (port = listener.port, clientId = OFFICER_PAGE_CLIENT): SignInIssuer =>
    createSignInIssuer({
      ...{ issuer: `http://127.0.0.1:${port}`, clientId, audience: `${PAGES}/audit/v1` },
      clientKey: async () => oidc.None(),
      ...{ publicUrl: PAGES, redirectPath: SIGNED_IN_PATH },
      clock: { now: () => new Date('2026-03-01T10:00:00Z') },
      random: seededRandom('issuer'),
    });
  const walked = async (issuer: SignInIssuer, browser = new Browser()): Promise<URL> => {
    const start = await issuer.begin(BEGUN, 'kk');
    expect(start.searchParams.get('code_challenge_method')).to.equal('S256');
    const back = await browser.signIn(start, `${PAGES}${SIGNED_IN_PATH}`, { officer: 'officer-housing-1' });
    if (back === undefined) throw new Error(`the issuer did not lead back: ${browser.pages.at(-1) ?? ''}`);
    return back;
  };
  const refusal = async (asked: Promise<unknown>): Promise<string> => {
    const error = await rejection(asked);
    return error instanceof Refusal ? [error.code, ...error.reasons].join(' ') : String(error);
  };

  it('gives a token for officers, bound to the key of the proof that comes with it', async () => {
    const issuer = issuerOf();
    const { accessToken, idToken, proof } = await issuer.finish(await walked(issuer), BEGUN, SIGNED_IN_PATH);
    const token = decodeJwt(accessToken) as { sub: string; aud: string; client_id: string; cnf: { jkt: string } };
    expect([token.sub, token.aud, token.client_id]).to.deep.equal([
      'officer-housing-1',
      `${PAGES}/audit/v1`,
      OFFICER_PAGE_CLIENT,
    ]);
    const { jwk, typ } = decodeProtectedHeader(proof);
    expect([typ, await calculateJwkThumbprint(jwk as JWK)]).to.deep.equal(['dpop+jwt', token.cnf.jkt]);
    expect(jwk).to.have.all.keys('kty', 'crv', 'x', 'y');
    expect(decodeJwt(proof)).to.include({ htm: 'GET', htu: `${PAGES}${SIGNED_IN_PATH}`, iat: 1_772_359_200 });
    expect(decodeJwt(idToken)).to.include({ sub: 'officer-housing-1', nonce: BEGUN.nonce });
  });

  it('signs out there, and leads back', async () => {
    const issuer = issuerOf();
    const browser = new Browser();
    const { idToken } = await issuer.finish(await walked(issuer, browser), BEGUN, SIGNED_IN_PATH);
    const out = (await issuer.signOut(idToken, `${PAGES}/signed-out`))!;
    expect(await browser.signIn(out, `${PAGES}/signed-out`, { logout: 'yes' })).to.not.equal(undefined);
  });

  it('takes a code once, with its verifier and nonce only, and no error of the issuer', async () => {
    const issuer = issuerOf();
    const callback = await walked(issuer);
    const finish = (changes: object, at = callback): Promise<unknown> =>
      issuer.finish(at, { ...BEGUN, ...changes }, SIGNED_IN_PATH);
    expect(await refusal(finish({ verifier: 'w'.repeat(43) }))).to.equal('UNAUTHENTICATED sign_in_refused');
    await finish({});
    expect(await refusal(finish({}))).to.equal('UNAUTHENTICATED sign_in_refused');
    expect(await refusal(finish({ nonce: 'other' }, await walked(issuer)))).to.match(
      /^(UNAUTHENTICATED|ISSUER_UNAVAILABLE)/,
    );
    const denied = new URL(
      `${PAGES}${SIGNED_IN_PATH}?error=access_denied&state=${BEGUN.state}&iss=${encodeURIComponent(`http://127.0.0.1:${listener.port}`)}`,
    );
    expect(await refusal(finish({}, denied))).to.equal('UNAUTHENTICATED sign_in_refused');
  });

  it('is unavailable while it cannot be reached', async () => {
    expect(await refusal(issuerOf(9).begin(BEGUN, 'kk'))).to.equal('ISSUER_UNAVAILABLE');
  });
});
