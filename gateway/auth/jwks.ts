import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import type { IssuerConfig } from '../config/parts/authentication.js';
import type { Environment } from '../config/schema.js';

/** The keys of an issuer cannot be had now, so that nothing that it signed can be believed. */
export class IssuerKeysUnavailable extends Error {
  readonly issuer: string;
  readonly reason: 'issuer_unreachable' | 'issuer_keys_malformed' | 'issuer_demo_keys';

  constructor(issuer: string, reason: IssuerKeysUnavailable['reason'], cause?: unknown) {
    super(`the keys of ${issuer} cannot be used: ${reason}`, { cause });
    this.name = 'IssuerKeysUnavailable';
    this.issuer = issuer;
    this.reason = reason;
  }
}

/** The keys of every trusted issuer, each fetched from its own configured address and nowhere else. */
export interface IssuerKeys {
  /** Resolves a key for `jose`; rejects with {@link IssuerKeysUnavailable} when the keys cannot be had. */
  of(issuer: string): JWTVerifyGetKey;
  /** Fetches the keys of all issuers now, and says which cannot be used. Never rejects. */
  warmUp(): Promise<readonly IssuerKeysUnavailable[]>;
}

export interface IssuerKeysOptions {
  readonly issuers: readonly IssuerConfig[];
  readonly environment: Environment;
  readonly timeoutMs: number;
  /** Keys are fetched again after this time; when that fails, older ones are not used. */
  readonly maxAgeSeconds: number;
  readonly fetch: FetchImplementation;
  /** Called when an issuer's keys were fetched, so that what was verified with older ones can be forgotten. */
  readonly onFetched: (issuer: string) => void;
}

/** An unknown `kid` fetches again at most this often: 50 invented ones are not 50 fetches. */
const COOLDOWN_MS = 30_000;
const MAX_JWKS_BYTES = 262_144;
const DEMO_KID = /^demo-/;

interface RemoteKeys {
  readonly get: JWTVerifyGetKey;
  readonly reload: () => Promise<void>;
}

/** Keys over HTTP. Redirects are not followed. Keys of the demo are refused outside `environment: demo`. */
export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const byIssuer = new Map(options.issuers.map((issuer) => [issuer.issuer, remoteKeys(issuer, options)]));
  return {
    of(issuer) {
      const keys = byIssuer.get(issuer);
      if (keys === undefined) throw new IssuerKeysUnavailable(issuer, 'issuer_unreachable');
      return keys.get;
    },
    async warmUp() {
      const attempts = await Promise.all(
        [...byIssuer].map(([issuer, { reload }]) =>
          reload().then(
            () => undefined,
            (error: unknown) => unavailable(issuer, error),
          ),
        ),
      );
      return attempts.filter((attempt) => attempt !== undefined);
    },
  };
}

function remoteKeys({ issuer, jwks_uri }: IssuerConfig, options: IssuerKeysOptions): RemoteKeys {
  const keys = createRemoteJWKSet(new URL(jwks_uri), {
    timeoutDuration: options.timeoutMs,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: options.maxAgeSeconds * 1000,
    [customFetch]: async (...request) => {
      const response = await acceptable(issuer, await options.fetch(...request), options);
      options.onFetched(issuer);
      return response;
    },
  });
  const get: JWTVerifyGetKey = async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (isAboutToken(error)) throw error;
      throw unavailable(issuer, error);
    }
  };
  return { get, reload: () => keys.reload() };
}

/** These say that a token names no key of the issuer; everything else that the issuer's keys could not be had. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function unavailable(issuer: string, error: unknown): IssuerKeysUnavailable {
  if (error instanceof IssuerKeysUnavailable) return error;
  const isMalformed = error instanceof errors.JWKSInvalid || error instanceof errors.JWKInvalid;
  return new IssuerKeysUnavailable(issuer, isMalformed ? 'issuer_keys_malformed' : 'issuer_unreachable', error);
}

async function acceptable(issuer: string, response: Response, { environment }: IssuerKeysOptions): Promise<Response> {
  if (response.status !== 200) throw new IssuerKeysUnavailable(issuer, 'issuer_unreachable');
  const text = await limitedText(issuer, response);
  if (environment !== 'demo' && kidsIn(issuer, text).some((kid) => DEMO_KID.test(kid)))
    throw new IssuerKeysUnavailable(issuer, 'issuer_demo_keys');
  return new Response(text, { status: 200 });
}

async function limitedText(issuer: string, response: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_JWKS_BYTES) throw new IssuerKeysUnavailable(issuer, 'issuer_keys_malformed');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function kidsIn(issuer: string, text: string): string[] {
  const set = parsed(issuer, text);
  const keys =
    typeof set === 'object' && set !== null && 'keys' in set && Array.isArray(set.keys)
      ? (set.keys as readonly unknown[])
      : undefined;
  if (keys === undefined) throw new IssuerKeysUnavailable(issuer, 'issuer_keys_malformed');
  return keys.flatMap((key) => (typeof key === 'object' && key !== null && 'kid' in key ? [String(key.kid)] : []));
}

function parsed(issuer: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new IssuerKeysUnavailable(issuer, 'issuer_keys_malformed', error);
  }
}
