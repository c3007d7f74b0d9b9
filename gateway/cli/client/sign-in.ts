import * as oidc from 'openid-client';
import { CommandFailure } from '../command-failure.js';
import { discover, tokenOf } from './access.js';
import type { ClientProfile } from './profile.js';

const MAX_STEPS = 20;

/** What the sign-in form takes: a citizen's number, or an officer's id. It travels in the form's body only. */
export type SignInChoice = { readonly iin: string } | { readonly officer: string };

/** An access token of someone who has signed in, bound to a key made for this run. */
export interface SignedIn {
  readonly configuration: oidc.Configuration;
  readonly token: string;
  readonly proof: oidc.DPoPHandle;
}

/**
 * Signs someone in at the issuer: authorization code with PKCE (RFC 7636) and DPoP, walking the pages as a browser would.
 *
 * @param parameters more of the authorization request.
 */
export async function signIn(
  profile: ClientProfile,
  choice: SignInChoice,
  parameters: Readonly<Record<string, string>>,
): Promise<SignedIn> {
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
    ...parameters,
  });
  const callback = await walkPages(start, profile.redirectUri, choice);
  const grant = oidc.authorizationCodeGrant(
    configuration,
    callback,
    { pkceCodeVerifier: verifier, expectedState: state },
    { resource: profile.audience },
    { DPoP: proof },
  );
  return { configuration, token: await tokenOf(grant), proof };
}

/** Follows redirects and fills in the sign-in form until the issuer sends the browser back to the client. */
async function walkPages(start: URL, redirectUri: string, choice: SignInChoice): Promise<URL> {
  const cookies = new Map<string, string>();
  let next: Step = { url: start };
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (next.url.href.startsWith(redirectUri)) return next.url;
    next = await takeStep(next, cookies, choice);
  }
  throw new CommandFailure('failed', 'the issuer did not finish the sign-in');
}

interface Step {
  readonly url: URL;
  readonly form?: URLSearchParams;
}

async function takeStep({ url, form }: Step, cookies: Map<string, string>, choice: SignInChoice): Promise<Step> {
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
      'iin' in choice
        ? 'Is this the number of a citizen of the demo country?'
        : 'Is this the id of an officer who signs in there?',
    );
  return { url: new URL(formAction(await response.text()), url), form: new URLSearchParams({ ...choice }) };
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
