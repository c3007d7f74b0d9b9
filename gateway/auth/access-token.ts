import { decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import type { Clock } from '../../schemas/ports/clock.js';
import { Refusal } from '../../schemas/refusal.js';
import type { IssuerConfig } from '../config/parts/authentication.js';
import { joseFault } from './jose-fault.js';
import { IssuerKeysUnavailable, type IssuerKeys } from './jwks.js';
import { isObject } from '../../schemas/objects.js';

/** What a verified access token says. */
export interface AccessToken {
  readonly issuer: string;
  readonly clientId: string;
  readonly subject: string;
  readonly id: string;
  /** Thumbprint of the key that the token is bound to (`cnf.jkt`, RFC 9449, section 6.1). */
  readonly keyThumbprint: string;
  /** Real time, in milliseconds of the epoch. */
  readonly expiresAt: number;
  /** `authorization_details` (RFC 9396), unread. */
  readonly details: unknown;
  /** `act.sub` of a token that was exchanged (RFC 8693, section 4.1). */
  readonly actor: string | undefined;
  readonly assurance: string | undefined;
  /** Claim `iin`, unread; counts only for systems where citizens sign in. */
  readonly person: unknown;
}

export interface AccessTokenDependencies {
  readonly issuers: readonly IssuerConfig[];
  readonly audience: string;
  readonly clockToleranceSeconds: number;
  readonly maxAgeSeconds: number;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
}

const MAX_CLAIM = 256;

/**
 * Verifies a JWT access token (RFC 9068, section 4): `typ`, signature by a key of its own issuer
 * with an algorithm of that issuer's list, `iss`, `aud` as one exact text, `exp`, `nbf`, `iat`
 * neither old nor ahead, `sub`, `client_id`, `jti`, and a binding by `cnf.jkt` alone.
 *
 * @throws Refusal `UNAUTHENTICATED` with the rule that was broken; `ISSUER_UNAVAILABLE` when the keys cannot be had.
 */
export function createAccessTokenVerifier(dependencies: AccessTokenDependencies) {
  return async (token: string): Promise<AccessToken> => {
    const issuer = trustedIssuer(token, dependencies.issuers);
    const payload = await verified(token, issuer, dependencies);
    if (payload.aud !== dependencies.audience) throw refusal('aud');
    return read(payload, issuer);
  };
}

/** Finds the issuer by the token's own word, only to choose the keys that must then prove it. */
function trustedIssuer(token: string, issuers: readonly IssuerConfig[]): IssuerConfig {
  const claimed = unverifiedIssuer(token);
  const found = issuers.find(({ issuer }) => issuer === claimed);
  if (found === undefined) throw refusal('iss');
  return found;
}

function unverifiedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw refusal('malformed');
  }
}

async function verified(
  token: string,
  issuer: IssuerConfig,
  { keys, audience, clock, clockToleranceSeconds, maxAgeSeconds }: AccessTokenDependencies,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys.of(issuer.issuer), {
      algorithms: [...issuer.algorithms],
      issuer: issuer.issuer,
      audience,
      typ: 'at+jwt',
      requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti', 'cnf'],
      maxTokenAge: maxAgeSeconds,
      clockTolerance: clockToleranceSeconds,
      currentDate: clock.now(),
    });
    return payload;
  } catch (error) {
    if (error instanceof IssuerKeysUnavailable)
      throw new Refusal('ISSUER_UNAVAILABLE', { reasons: [error.reason], cause: error });
    throw refusal(joseFault(error));
  }
}

function read(payload: JWTPayload, { issuer }: IssuerConfig): AccessToken {
  return {
    issuer,
    clientId: text(payload['client_id'], 'client_id'),
    subject: text(payload.sub, 'sub'),
    id: text(payload.jti, 'jti'),
    keyThumbprint: boundKey(payload['cnf']),
    expiresAt: (payload.exp ?? 0) * 1000,
    details: payload['authorization_details'],
    actor: actorOf(payload['act']),
    assurance: payload['acr'] === undefined ? undefined : text(payload['acr'], 'acr'),
    person: payload['iin'],
  };
}

/** A confirmation that we do not check (a certificate's beside the key's) is not one that we may skip (RFC 7800, section 3.1). */
function boundKey(confirmation: unknown): string {
  if (!isObject(confirmation) || Object.keys(confirmation).join() !== 'jkt') throw refusal('cnf');
  const thumbprint = confirmation['jkt'];
  if (typeof thumbprint !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(thumbprint)) throw refusal('cnf');
  return thumbprint;
}

/** One actor at most: a chain of them is more than any rule here decides about. */
function actorOf(act: unknown): string | undefined {
  if (act === undefined) return undefined;
  if (!isObject(act) || Object.hasOwn(act, 'act')) throw refusal('act');
  return text(act['sub'], 'act');
}

function text(value: unknown, claim: string): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_CLAIM) throw refusal(claim);
  return value;
}

/** Without a cause: jose's errors carry the claims, and with them perhaps a personal number. */
function refusal(rule: string): Refusal {
  return new Refusal('UNAUTHENTICATED', { reasons: [`token_${rule}`] });
}
