import { importJWK, type CryptoKey, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { failureText } from '../client/access.js';
import { CommandFailure } from '../command-failure.js';
import type { OfficerSession } from './session.js';

/** The officers' interface, asked as the officer of a session. */
export interface OfficersApi {
  /** Sends a request. Resolves with its JSON. Rejects with `CommandFailure` for a refusal, or if no one answers. */
  send(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>;
  /** Asks for what may not be there, or not be shown to this officer: then resolves with undefined. */
  find(path: string): Promise<unknown>;
  /** Sends a request whose answer streams. */
  stream(path: string, body: object): Promise<Response>;
}

/** Makes the interface of a session. Each request has a proof of its own. */
export async function officersApi(session: OfficerSession): Promise<OfficersApi> {
  const { at, issuer, clientId, token } = session;
  const configuration = new oidc.Configuration({ issuer }, clientId, undefined, oidc.None());
  if (at.startsWith('http:')) oidc.allowInsecureRequests(configuration);
  const [privateKey, publicKey] = await Promise.all([keyOf(session.key), keyOf(session.publicKey)]);
  const proof = oidc.getDPoPHandle(configuration, { privateKey, publicKey });
  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' });
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await oidc
      .fetchProtectedResource(configuration, token, new URL(path, at), method, text, headers, { DPoP: proof })
      .catch((error: unknown) => {
        if (error instanceof oidc.WWWAuthenticateChallengeError) return error.response;
        throw new CommandFailure('failed', `${at} cannot be reached (${failureText(error)})`);
      });
    return response;
  };
  const answered = async (response: Response): Promise<Response> => {
    if (!response.ok) throw await refusalOf(response, at);
    return response;
  };
  return {
    send: async (method, path, body) => (await answered(await call(method, path, body))).json(),
    find: async (path) => {
      const response = await call('GET', path);
      return response.status === 404 ? undefined : (await answered(response)).json();
    },
    stream: async (path, body) => answered(await call('POST', path, body)),
  };
}

async function keyOf(jwk: Readonly<Record<string, unknown>>): Promise<CryptoKey> {
  const key = await importJWK(jwk as JWK, 'ES256').catch(() => undefined);
  if (key !== undefined && !(key instanceof Uint8Array)) return key;
  throw new CommandFailure('failed', 'the key of the session is damaged', 'Sign in again: npx tereze login');
}

interface RefusalJson {
  readonly errors?: readonly {
    readonly message?: string;
    readonly extensions?: { readonly code?: string; readonly reasons?: readonly string[]; readonly endsAt?: string };
  }[];
}

async function refusalOf(response: Response, at: string): Promise<CommandFailure> {
  const { errors: [error] = [] } = (await response.json().catch(() => ({}))) as RefusalJson;
  const { code = `HTTP ${response.status}`, reasons = [], endsAt } = error?.extensions ?? {};
  const why = reasons.length === 0 ? '' : ` [${reasons.join(', ')}]`;
  const end = endsAt === undefined ? '' : `, until ${endsAt}`;
  return new CommandFailure(
    code === 'AUDIT_REQUEST_INVALID' ? 'usage' : 'failed',
    `${code}: ${error?.message ?? 'no reason was given'}${why}${end}`,
    ADVICE[code]?.(at),
  );
}

const ADVICE: Readonly<Record<string, (at: string) => string>> = {
  UNAUTHENTICATED: (at) => `Sign in again: npx tereze login --at ${at}`,
  APPROVAL_REQUIRED: () =>
    'Ask a second officer to approve it (tereze audit approval ask, docs/officers.md), and repeat it with --approval ID.',
};
