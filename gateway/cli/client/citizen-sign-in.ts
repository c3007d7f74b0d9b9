import * as oidc from 'openid-client';
import { CommandFailure } from '../command-failure.js';
import { accessWith, authorizationDetails, discover, tokenOf, type Access } from './access.js';
import type { ClientProfile } from './profile.js';

/** The registered client through which citizens sign in. */
export const CITIZENS_CLIENT = 'citizen-window';

const MAX_STEPS = 20;

/**
 * Signs a citizen in at the issuer: authorization code with PKCE (RFC 7636) and DPoP, walking the
 * pages as a browser would. The number travels in the sign-in form's body only.
 *
 * @param acr how the issuer is to authenticate the citizen (`acr_values`); as it likes if not given.
 */
export async function accessForCitizen(profile: ClientProfile, iin: string, acr?: string): Promise<Access> {
  if (profile.redirectUri === undefined)
    throw new CommandFailure('usage', `the profile of "${profile.clientId}" has no redirect_uri`);
  const configuration = await discover(profile);
  const proof = oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair('ES256'));
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const start = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: profile.redirectUri,
    scope: 'openid',
    state,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource: profile.audience,
    authorization_details: authorizationDetails({ purpose: 'own_data' }),
    ...(acr === undefined ? {} : { acr_values: acr }),
  });
  const callback = await walkPages(start, profile.redirectUri, iin);
  const grant = oidc.authorizationCodeGrant(
    configuration,
    callback,
    { pkceCodeVerifier: verifier, expectedState: state },
    { resource: profile.audience },
    { DPoP: proof },
  );
  return accessWith(configuration, profile, await tokenOf(grant), proof);
}

/** Follows redirects and fills in the sign-in form until the issuer sends the browser back to the client. */
async function walkPages(start: URL, redirectUri: string, iin: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let next: Step = { url: start };
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (next.url.href.startsWith(redirectUri)) return next.url;
    next = await takeStep(next, cookies, iin);
  }
  throw new CommandFailure('failed', 'the issuer did not finish the sign-in');
}

interface Step {
  readonly url: URL;
  readonly form?: URLSearchParams;
}

async function takeStep({ url, form }: Step, cookies: Map<string, string>, iin: string): Promise<Step> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    ...(form ? { method: 'POST', body: form } : {}),
  });
  keepCookies(response, cookies);
  const location = response.headers.get('location');
  if (location !== null) return { url: new URL(location, url) };
  if (!response.ok)
    throw new CommandFailure(
      'failed',
      `the issuer refused the sign-in (HTTP ${response.status})`,
      'Is this the number of a citizen of the demo country?',
    );
  return { url: new URL(formAction(await response.text()), url), form: new URLSearchParams({ iin }) };
}

function keepCookies(response: Response, cookies: Map<string, string>): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = ''] = line.split(';');
    const separator = pair.indexOf('=');
    cookies.set(pair.slice(0, separator), pair.slice(separator + 1));
  }
}

function formAction(page: string): string {
  const action = /<form[^>]*\saction="([^"]*)"/i.exec(page)?.[1];
  if (action === undefined) throw new CommandFailure('failed', 'the issuer showed a page without a sign-in form');
  return action.replaceAll('&amp;', '&');
}
