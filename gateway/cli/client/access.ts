import { importJWK } from 'jose';
import * as oidc from 'openid-client';
import { CommandFailure } from '../command-failure.js';
import type { ClientProfile } from './profile.js';

/** A token bound to a key made for this run, and the means to use both. */
export interface Access {
  send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Reply>;
  /**
   * Sends any request with the token and a proof for this request. A `DPoP` header of the request is replaced. The
   * request must not carry `Authorization`: then it is not sent, and the call rejects.
   */
  fetch(
    path: string,
    request: { readonly method: string; readonly headers: Headers; readonly body?: string | undefined },
  ): Promise<Response>;
}

/** An answer as it came. */
export interface Reply {
  readonly status: number;
  /** The body's exact text. */
  readonly text: string;
}

/** What the token is to cover (RFC 9396). */
export interface AccessRequest {
  readonly purpose: string;
  readonly case?: { readonly agency: string; readonly number: string };
}

/** Finds the issuer's metadata; http is used on loopback only. */
export async function discover(
  profile: Pick<ClientProfile, 'issuer' | 'clientId' | 'privateKey'>,
): Promise<oidc.Configuration> {
  const issuer = new URL(profile.issuer);
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(issuer.hostname);
  const options: oidc.DiscoveryRequestOptions = {
    algorithm: 'oauth2',
    ...(loopback ? { execute: [oidc.allowInsecureRequests] } : {}),
  };
  const authentication = await clientAuthentication(profile);
  try {
    return await oidc.discovery(issuer, profile.clientId, undefined, authentication, options);
  } catch (error) {
    throw new CommandFailure(
      'failed',
      `the issuer at ${profile.issuer} cannot be reached (${failureText(error)})`,
      'Is `npm start` running?',
    );
  }
}

async function clientAuthentication({ privateKey }: Pick<ClientProfile, 'privateKey'>): Promise<oidc.ClientAuth> {
  if (privateKey === undefined) return oidc.None();
  const key = await importJWK(privateKey, 'ES256').catch(() => undefined);
  if (key === undefined || key instanceof Uint8Array || key.type !== 'private')
    throw new CommandFailure(
      'failed',
      'the key of the profile is not the private key of a key pair',
      'Give the private JWK whose public key the issuer knows.',
    );
  return oidc.PrivateKeyJwt(privateKey.kid === undefined ? { key } : { key, kid: privateKey.kid });
}

/** A token for a system: client credentials, private_key_jwt, DPoP. */
export async function accessForSystem(profile: ClientProfile, request: AccessRequest): Promise<Access> {
  const configuration = await discover(profile);
  const proof = oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair('ES256'));
  const parameters = { resource: profile.audience, authorization_details: authorizationDetails(request) };
  const grant = oidc.clientCredentialsGrant(configuration, parameters, { DPoP: proof });
  return accessWith(configuration, profile, await tokenOf(grant), proof);
}

/** `authorization_details` of one purpose and case. */
export function authorizationDetails(request: AccessRequest): string {
  return JSON.stringify([
    { type: 'tereze_access', purpose: request.purpose, ...(request.case ? { case: request.case } : {}) },
  ]);
}

/** The access token of a grant, or a failure that names the issuer's error code. */
export async function tokenOf(grant: Promise<oidc.TokenEndpointResponse>): Promise<string> {
  try {
    return (await grant).access_token;
  } catch (error) {
    throw new CommandFailure('failed', `the issuer gave no token (${failureText(error)})`);
  }
}

/** Calls the gateway with a token and a proof for each call. */
export function accessWith(
  configuration: oidc.Configuration,
  profile: ClientProfile,
  token: string,
  proof: oidc.DPoPHandle,
): Access {
  const call: Access['fetch'] = (path, { method, headers, body }) =>
    callGateway(
      () =>
        oidc.fetchProtectedResource(configuration, token, new URL(path, profile.gateway), method, body, headers, {
          DPoP: proof,
        }),
      profile,
    );
  return {
    fetch: call,
    async send(method, path, body) {
      const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' });
      const response = await call(path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      return { status: response.status, text: await response.text() };
    },
  };
}

async function callGateway(call: () => Promise<Response>, profile: ClientProfile): Promise<Response> {
  try {
    return await call();
  } catch (error) {
    // A refusal by challenge (401) is thrown with its response; it is an answer like any other.
    if (error instanceof oidc.WWWAuthenticateChallengeError) return error.response;
    throw new CommandFailure(
      'failed',
      `the gateway at ${profile.gateway} cannot be reached (${failureText(error)})`,
      'Is it running?',
    );
  }
}

/** Returns what went wrong between this machine and an issuer or a gateway: a code, never a text of the other side. */
export function failureText(error: unknown): string {
  if (error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError) return error.error;
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === 'string' ? cause.code : error instanceof Error ? error.name : 'unknown';
}
