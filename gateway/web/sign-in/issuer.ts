import { createHash, type webcrypto } from 'node:crypto';
import { SignJWT, exportJWK } from 'jose';
import * as oidc from 'openid-client';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { Random } from '../../../schemas/ports/random.js';
import { Refusal } from '../../../schemas/refusal.js';
import { isLoopback } from '../../config/loopback.js';

/** Time for each answer of the issuer, in seconds. */
const TIMEOUT_S = 5;
const ALGORITHM = 'ES256';

/** What a sign-in under way needs when the browser comes back. It never leaves in the clear. */
export interface BegunSignIn {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636). */
  readonly verifier: string;
}

/** What the issuer gave for a code, and the proof that goes with the access token. */
export interface FinishedSignIn {
  readonly accessToken: string;
  readonly idToken: string;
  /** DPoP proof (RFC 9449) of the key to which the token is bound, for one request. */
  readonly proof: string;
}

/**
 * The issuer at which officers sign in: authorization code with PKCE and DPoP (RFC 6749, 7636, 9449).
 *
 * Contract: the server makes every request; the browser only carries the code. Rejects with `Refusal`
 * `ISSUER_UNAVAILABLE` if the issuer cannot be reached, `UNAUTHENTICATED` if it refuses.
 */
export interface SignInIssuer {
  /** Resolves with the address that the browser is led to. */
  begin(begun: BegunSignIn, language: string): Promise<URL>;
  /** Exchanges the code in the address to which the browser came back. `path` is what the proof is for. */
  finish(callback: URL, begun: BegunSignIn, path: string): Promise<FinishedSignIn>;
  /** Resolves with the address at which the officer signs out of the issuer, or undefined if it has none. */
  signOut(idToken: string, back: string): Promise<URL | undefined>;
}

export interface SignInIssuerOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Private key of a confidential client (`private_key_jwt`); undefined: a public one. */
  readonly clientKey: () => Promise<oidc.ClientAuth>;
  /** `aud` of the token. */
  readonly audience: string;
  /** Origin of the pages. */
  readonly publicUrl: string;
  /** Path to which the issuer leads the browser back. */
  readonly redirectPath: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'bytes' | 'uuid'>;
}

/** Makes the client of an issuer. Its metadata is read at the first sign-in, and again after a failure. */
export function createSignInIssuer(options: SignInIssuerOptions): SignInIssuer {
  const { publicUrl, redirectPath, audience } = options;
  let known: Promise<oidc.Configuration> | undefined;
  const configuration = (): Promise<oidc.Configuration> => {
    known ??= discover(options).catch((error: unknown) => {
      known = undefined;
      throw new Refusal('ISSUER_UNAVAILABLE', { cause: error });
    });
    return known;
  };
  return {
    begin: async ({ state, nonce, verifier }, language) =>
      oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: `${publicUrl}${redirectPath}`,
        scope: 'openid',
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        resource: audience,
        ui_locales: language,
      }),
    finish: async (callback, { state, nonce, verifier }, path) => {
      const issuer = await configuration();
      const keys = await oidc.randomDPoPKeyPair(ALGORITHM);
      const tokens = await oidc
        .authorizationCodeGrant(
          issuer,
          callback,
          { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
          { resource: audience },
          { DPoP: oidc.getDPoPHandle(issuer, keys) },
        )
        .catch((error: unknown): never => {
          throw refusalOf(error);
        });
      const { access_token: accessToken, id_token: idToken = '' } = tokens;
      return { accessToken, idToken, proof: await proofFor(`${publicUrl}${path}`, accessToken, keys, options) };
    },
    signOut: async (idToken, back) => {
      const issuer = await configuration();
      if (issuer.serverMetadata().end_session_endpoint === undefined) return undefined;
      return oidc.buildEndSessionUrl(issuer, { id_token_hint: idToken, post_logout_redirect_uri: back });
    },
  };
}

async function discover({ issuer, clientId, clientKey }: SignInIssuerOptions): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  const execute = isLoopback(url.hostname) ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(url, clientId, undefined, await clientKey(), { timeout: TIMEOUT_S, execute });
}

/** Refused by the issuer, or not answered. Nothing of its text is kept: it is not ours. */
function refusalOf(error: unknown): Refusal {
  const isRefused = error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError;
  return isRefused
    ? new Refusal('UNAUTHENTICATED', { reasons: ['sign_in_refused'], cause: error })
    : new Refusal('ISSUER_UNAVAILABLE', { cause: error });
}

async function proofFor(
  htu: string,
  accessToken: string,
  { publicKey, privateKey }: oidc.CryptoKeyPair,
  { clock, random }: Pick<SignInIssuerOptions, 'clock' | 'random'>,
): Promise<string> {
  const ath = createHash('sha256').update(accessToken).digest('base64url');
  const { kty, crv, x, y } = await exportJWK(publicKey as webcrypto.CryptoKey);
  return new SignJWT({ htm: 'GET', htu, ath, jti: random.uuid(), iat: Math.floor(clock.now().getTime() / 1000) })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'dpop+jwt', jwk: { kty, crv, x, y } as Record<string, string> })
    .sign(privateKey as webcrypto.CryptoKey);
}
