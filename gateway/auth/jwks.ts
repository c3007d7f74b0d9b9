import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
  type ProtectedHeaderParameters,
} from 'jose';
import { isObject } from '../../schemas/objects.js';
import { HttpFailure, type HeaderList, type HttpConnections } from '../../schemas/ports/http-client.js';
import { parseUnambiguousJson } from '../../schemas/json/strict-json.js';
import { utf8Text } from '../../schemas/utf8-text.js';
import type { IssuerConfig } from '../config/parts/authentication.js';
import type { Environment } from '../config/schema.js';

/** The keys of an issuer are not available now, so that no token of it can be verified. */
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
  /** Resolves a key for `jose`; rejects with {@link IssuerKeysUnavailable} if the keys are not available. */
  of(issuer: string): JWTVerifyGetKey;
  /** Returns whether {@link of} finds the key that a header names without fetching anything. */
  isAtHand(issuer: string, header: KeyName): boolean;
  /** Fetches the keys of all issuers now and returns those that cannot be used. Never rejects. */
  warmUp(): Promise<readonly IssuerKeysUnavailable[]>;
}

export interface IssuerKeysOptions {
  readonly issuers: readonly IssuerConfig[];
  readonly environment: Environment;
  readonly timeoutMs: number;
  /** Keys are fetched again after this time. If that fails, older ones are not used. */
  readonly maxAgeSeconds: number;
  /** Connections to the issuers. */
  readonly connections: HttpConnections;
  /** Called after other keys of an issuer were fetched than before. Results of older keys must then be forgotten. */
  readonly onChanged: (issuer: string) => void;
}

/** An unknown `kid` causes a fetch at most this often. A caller who invents 50 of them does not cause 50 fetches. */
const COOLDOWN_MS = 30_000;
const MAX_JWKS_BYTES = 262_144;
const DEMO_KID = /^demo-/;

/** What a header says of its key. */
type KeyName = Pick<ProtectedHeaderParameters, 'kid' | 'alg'>;

interface RemoteKeys {
  readonly get: JWTVerifyGetKey;
  readonly isAtHand: (header: KeyName) => boolean;
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
    isAtHand: (issuer, header) => byIssuer.get(issuer)?.isAtHand(header) === true,
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
  let fetched: string | undefined;
  const keys = createRemoteJWKSet(new URL(jwks_uri), {
    timeoutDuration: options.timeoutMs,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: options.maxAgeSeconds * 1000,
    [customFetch]: async (url, { headers }) => {
      const text = await fetchKeys(issuer, new URL(url), [...headers].flat(), options);
      if (text !== fetched) options.onChanged(issuer);
      fetched = text;
      return new Response(text, { status: 200 });
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
  return {
    get,
    isAtHand: (header) => keys.fresh && hasKey(keys.jwks(), header),
    reload: () => keys.reload(),
  };
}

/** A token without an id may have any key that fits its algorithm. */
function hasKey(set: JSONWebKeySet | undefined, { kid, alg = '' }: KeyName): boolean {
  const fits = (key: JWK): boolean =>
    (kid === undefined || key.kid === kid) &&
    (key.alg === undefined || key.alg === alg) &&
    key.kty === KEY_TYPES[alg.slice(0, 2)];
  return set?.keys.some(fits) === true;
}

/** Key types by the first letters of the algorithms that use them (RFC 7518, section 3.1; RFC 8037). */
const KEY_TYPES: Readonly<Record<string, string>> = { ES: 'EC', PS: 'RSA', Ed: 'OKP' };

/** These errors say that a token names no key of the issuer. Any other says that the issuer's keys are not available. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function unavailable(issuer: string, error: unknown): IssuerKeysUnavailable {
  if (error instanceof IssuerKeysUnavailable) return error;
  const isMalformed =
    error instanceof errors.JWKSInvalid ||
    error instanceof errors.JWKInvalid ||
    (error instanceof HttpFailure && error.kind === 'too_large');
  return new IssuerKeysUnavailable(issuer, isMalformed ? 'issuer_keys_malformed' : 'issuer_unreachable', error);
}

async function fetchKeys(
  issuer: string,
  url: URL,
  headers: HeaderList,
  { environment, connections, timeoutMs }: IssuerKeysOptions,
): Promise<string> {
  const response = await connections.send({
    method: 'GET',
    url,
    headers,
    timeoutMs,
    maxResponseBytes: MAX_JWKS_BYTES,
    checkHead: ({ status }) => {
      if (status !== 200) throw new IssuerKeysUnavailable(issuer, 'issuer_unreachable');
    },
  });
  const text = utf8Text(response.body);
  if (text === undefined) throw new IssuerKeysUnavailable(issuer, 'issuer_keys_malformed');
  const kids = kidsIn(issuer, text);
  if (environment !== 'demo' && kids.some((kid) => DEMO_KID.test(kid)))
    throw new IssuerKeysUnavailable(issuer, 'issuer_demo_keys');
  return text;
}

function kidsIn(issuer: string, text: string): string[] {
  const set = parsed(issuer, text);
  const keys: unknown = isObject(set) ? set['keys'] : undefined;
  if (!Array.isArray(keys)) throw new IssuerKeysUnavailable(issuer, 'issuer_keys_malformed');
  return keys.flatMap((key: unknown) => (isObject(key) && 'kid' in key ? [String(key['kid'])] : []));
}

function parsed(issuer: string, text: string): unknown {
  try {
    return parseUnambiguousJson(text);
  } catch (error) {
    throw new IssuerKeysUnavailable(issuer, 'issuer_keys_malformed', error);
  }
}
