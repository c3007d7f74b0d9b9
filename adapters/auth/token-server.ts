import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { importPKCS8 } from 'jose';
import * as oidc from 'openid-client';
import type { Clock } from '../../schemas/ports/clock.js';
import { headerList, HttpFailure, type HttpConnections } from '../../schemas/ports/http-client.js';
import type { Random } from '../../schemas/ports/random.js';
import { fieldValue } from '../http/field-value.js';
import { readSecret } from '../protocol.js';
import type { Oauth2Settings } from './settings.js';

export interface TokenServerOptions {
  readonly settings: Oauth2Settings;
  /** Connections to the token server. */
  readonly connections: HttpConnections;
  readonly clock: Clock;
  readonly random: Random;
  /** Limit of one message, in milliseconds. */
  readonly timeoutMs: number;
}

export interface AccessToken {
  readonly token: string;
  /** Undefined if the token server did not say (RFC 6749, section 5.1). */
  readonly lifetimeSeconds: number | undefined;
}

/** Asks a token server for access tokens. Rejects with what `openid-client` or the HTTP client throws. */
export interface TokenServer {
  requestToken(): Promise<AccessToken>;
}

/** The token server asks to be left alone for a while (429, 503). */
export class TokenServerBusy extends Error {
  /** As the header `Retry-After` says it. */
  readonly retryAfter: string | undefined;
  constructor(retryAfter: string | undefined) {
    super('the token server is busy');
    this.retryAfter = retryAfter;
  }
}

/** The token server sent something that is no bearer token. The message holds nothing of it. */
export class TokenUnusable extends Error {}

const MAX_BYTES = 100_000;
/** Time for which an assertion may be used, in seconds. */
const ASSERTION_SECONDS = 60;
/** What a header takes for a bearer token (RFC 6750, section 2.1). */
const BEARER = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Returns the token server of the settings: client credentials (RFC 6749, section 4.4). Reads secret or key at once, and
 * throws if the file cannot be used; the message holds nothing of it. Connects to nothing. The metadata of an issuer are
 * fetched with the first token, and kept.
 */
export function createTokenServer(options: TokenServerOptions): TokenServer {
  const { settings } = options;
  const authentication = clientAuthentication(options);
  const parameters = parametersOf(settings);
  let configured: oidc.Configuration | undefined;
  return {
    requestToken: async () => {
      configured ??= await configure(options, await authentication());
      const answer = await oidc.clientCredentialsGrant(configured, parameters);
      const { access_token: token, token_type: type, expires_in: lifetimeSeconds } = answer;
      if (type !== 'bearer' || !BEARER.test(token)) throw new TokenUnusable('no bearer token');
      return { token, lifetimeSeconds };
    },
  };
}

function parametersOf({ scope, resource = [], audience = [] }: Oauth2Settings): URLSearchParams {
  const parameters = new URLSearchParams();
  if (scope !== undefined) parameters.append('scope', scope);
  for (const one of resource) parameters.append('resource', one);
  for (const one of audience) parameters.append('audience', one);
  return parameters;
}

async function configure(options: TokenServerOptions, authentication: oidc.ClientAuth): Promise<oidc.Configuration> {
  const { token_url: tokenUrl, issuer, client_id: clientId } = options.settings;
  const fetch = fetchOver(options);
  // A server may take certificates at another address (RFC 8705, section 5).
  const metadata = options.settings.client_auth === 'tls_client_auth' ? { use_mtls_endpoint_aliases: true } : undefined;
  const isPlain = new URL(tokenUrl ?? issuer ?? '').protocol === 'http:';
  if (tokenUrl === undefined) {
    const find = (algorithm: 'oidc' | 'oauth2'): Promise<oidc.Configuration> =>
      oidc.discovery(new URL(issuer ?? ''), clientId, metadata, authentication, {
        algorithm,
        [oidc.customFetch]: fetch,
        // An issuer over https may not send us to an address over http.
        execute: isPlain ? [oidc.allowInsecureRequests] : [],
      });
    // The two specifications differ in the address of the metadata only.
    return find('oidc').catch((error: unknown) => {
      if (isUnanswered(error)) throw error;
      return find('oauth2');
    });
  }
  const server = { issuer: issuer ?? tokenUrl, token_endpoint: tokenUrl };
  const configuration = new oidc.Configuration(server, clientId, metadata, authentication);
  configuration[oidc.customFetch] = fetch;
  // The connections have a time limit of their own.
  configuration.timeout = 0;
  if (isPlain) oidc.allowInsecureRequests(configuration);
  return configuration;
}

/** Whether the token server gave no answer at all: another address of it would not either. */
function isUnanswered(error: unknown): boolean {
  return causeOf(error, HttpFailure) !== undefined || causeOf(error, TokenServerBusy) !== undefined;
}

/** Returns the error of a class that an error is, or that it was caused by: the library wraps what `fetch` threw. */
export function causeOf<Wanted extends Error>(
  error: unknown,
  wanted: abstract new (...given: never[]) => Wanted,
): Wanted | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof wanted) return cause;
  }
  return undefined;
}

/** Returns `fetch` over the gateway's HTTP client: its TLS, time limit and size limit hold, and no redirect is followed. */
function fetchOver({ connections, timeoutMs }: TokenServerOptions): oidc.CustomFetch {
  return async (url, { method, headers, body }) => {
    const {
      status,
      headers: replied,
      body: bytes,
    } = await connections.send({
      method: method === 'POST' ? 'POST' : 'GET',
      url: new URL(url),
      headers: headerList(headers),
      body: body === undefined || body === null ? undefined : textOf(body),
      timeoutMs,
      maxResponseBytes: MAX_BYTES,
    });
    if (status === 429 || status === 503) throw new TokenServerBusy(fieldValue(replied['retry-after']));
    const isBodyless = status === 204 || status === 205 || status === 304;
    return new Response(isBodyless ? null : new Uint8Array(bytes), {
      status,
      headers: { 'content-type': fieldValue(replied['content-type']) ?? '' },
    });
  };
}

function textOf(body: oidc.FetchBody): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a token request is a form');
}

/** Returns what makes the client's authentication. Its files are read at once, its key is imported with the first token. */
function clientAuthentication({ settings, clock, random }: TokenServerOptions): () => Promise<oidc.ClientAuth> {
  const { client_auth: method, secret_file: secretFile, key_file: keyFile } = settings;
  // The certificate of the connection is the proof (RFC 8705, section 2).
  if (method === 'tls_client_auth') return async () => oidc.TlsClientAuth();
  if (method !== 'private_key_jwt') {
    const secret = readSecret(secretFile ?? '');
    const authentication =
      method === 'client_secret_basic' ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret);
    return async () => authentication;
  }
  const { key_id: kid, claims = {}, assertion_audience: audience } = settings;
  const { pem, algorithm } = readSigningKey(keyFile ?? '', settings.algorithm);
  const modify = (header: Record<string, unknown>, payload: Record<string, unknown> = {}): void => {
    const now = Math.floor(clock.now().getTime() / 1000);
    // The library's own times and ids come from the system. It would name Ed25519 by its newer name (RFC 9864).
    Object.assign(payload, claims, { iat: now, nbf: now, exp: now + ASSERTION_SECONDS, jti: random.uuid() });
    if (audience !== undefined) payload['aud'] = audience;
    if (algorithm === 'EdDSA') header['alg'] = 'EdDSA';
  };
  return async () => {
    const key = await importPKCS8(pem, algorithm);
    return oidc.PrivateKeyJwt(kid === undefined ? { key } : { key, kid }, { [oidc.modifyAssertion]: modify });
  };
}

/** Algorithm by the curve of a key (RFC 7518, section 3.4). */
const OF_CURVE: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };

function readSigningKey(
  file: string,
  wanted: string | undefined,
): { readonly pem: string; readonly algorithm: string } {
  const text = readFileSync(file, 'utf8');
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    // The library's error may quote the key.
    throw new Error(`${file} holds no private key (PEM)`);
  }
  const fitting = algorithmsOf(key);
  const algorithm = wanted ?? fitting[0];
  if (algorithm === undefined || !fitting.includes(algorithm))
    throw new Error(`${file} holds no key for ${wanted ?? 'an assertion'}: it fits ${fitting.join(', ') || 'none'}`);
  return { pem: String(key.export({ type: 'pkcs8', format: 'pem' })), algorithm };
}

function algorithmsOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): readonly string[] {
  if (type === 'rsa') return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
  if (type === 'ed25519') return ['EdDSA'];
  const ofCurve = type === 'ec' ? OF_CURVE[details?.namedCurve ?? ''] : undefined;
  return ofCurve === undefined ? [] : [ofCurve];
}
