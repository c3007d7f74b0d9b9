import {
  jwtVerify,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
  type ProtectedHeaderParameters,
} from 'jose';
import type { Clock } from '../../schemas/ports/clock.js';
import { Refusal } from '../../schemas/refusal.js';
import type { IssuerConfig } from '../config/parts/authentication.js';
import { joseFault } from './jose-fault.js';
import { IssuerKeysUnavailable, type IssuerKeys } from './jwks.js';
import { isObject } from '../../schemas/objects.js';
import { keylessFault, readUnverified, type UnverifiedJwt } from './unverified.js';
import type { Verification, VerificationBudget } from './verification-budget.js';

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
  /** Claim `acr` (RFC 9068, section 2.2.1): how the issuer authenticated the person. */
  readonly acr: string | undefined;
  /** The claim with the holder's own number, unread. For callers it is `iin`, and counts only where citizens sign in. */
  readonly person: unknown;
}

export interface AccessTokenDependencies {
  readonly issuers: readonly IssuerConfig[];
  readonly audience: string;
  readonly clockToleranceSeconds: number;
  readonly maxAgeSeconds: number;
  /** Name of the claim with the number of the person who signed in. */
  readonly personClaim: string;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
  readonly budget: { readonly signatures: VerificationBudget; readonly keyFetches: VerificationBudget };
}

/** Characters of a claim at most. */
export const MAX_CLAIM = 256;
const TYPE = 'at+jwt';

const REQUIRED_CLAIMS = ['exp', 'iat', 'sub', 'client_id', 'jti', 'cnf'] as const;

/** Verifies an access token on behalf of a party. */
export type VerifyAccessToken = (token: string, verification: Verification) => Promise<AccessToken>;

/**
 * Verifies a JWT access token (RFC 9068, section 4): `typ`, signature by a key of its own issuer
 * with an algorithm of that issuer's list, `iss`, `aud` as one exact text, `exp`, `nbf`, `iat`
 * neither old nor ahead, `sub`, `client_id`, `jti`, and a binding by `cnf.jkt` alone.
 *
 * What needs no key is checked first, so that only a token that could be right costs a verification.
 *
 * @throws Refusal `UNAUTHENTICATED` with the rule that was broken; `ISSUER_UNAVAILABLE` when the keys
 * cannot be had; `OVERLOADED` when too much is being verified.
 */
export function createAccessTokenVerifier(dependencies: AccessTokenDependencies): VerifyAccessToken {
  return async (token, verification) => {
    const unverified = readUnverified(token);
    if (unverified === undefined) throw refusal('malformed');
    const issuer = trustedIssuer(unverified, dependencies);
    // The claims that the signature covers are those that were read before it.
    read(unverified.payload, issuer, dependencies);
    try {
      const key = await keyOf(token, unverified.header, issuer, dependencies, verification);
      const { budget } = dependencies;
      return await budget.signatures.spend(async () => {
        const payload = await verified(token, key, issuer, dependencies);
        if (payload.aud !== dependencies.audience) throw refusal('aud');
        return read(payload, issuer, dependencies);
      }, verification);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error instanceof IssuerKeysUnavailable)
        throw new Refusal('ISSUER_UNAVAILABLE', { reasons: [error.reason], cause: error });
      throw refusal(joseFault(error));
    }
  };
}

/** Finds the issuer by the token's own word, only to choose the keys that must then prove it. */
function trustedIssuer(
  unverified: UnverifiedJwt,
  { issuers, audience, clockToleranceSeconds, maxAgeSeconds, clock }: AccessTokenDependencies,
): IssuerConfig {
  const found = issuers.find(({ issuer }) => issuer === unverified.payload.iss);
  if (found === undefined) throw refusal('iss');
  const rules = {
    typ: TYPE,
    algorithms: found.algorithms,
    requiredClaims: REQUIRED_CLAIMS,
    maxAgeSeconds,
    clockToleranceSeconds,
  };
  const fault = keylessFault(unverified, rules, clock.now());
  if (fault !== undefined) throw refusal(fault);
  if (unverified.payload.aud !== audience) throw refusal('aud');
  return found;
}

/** Returns the key that a token names. A key that is known needs no wait, also while other keys are being fetched. */
async function keyOf(
  token: string,
  header: ProtectedHeaderParameters,
  { issuer }: IssuerConfig,
  { keys, budget }: AccessTokenDependencies,
  verification: Verification,
): Promise<VerifyingKey> {
  const [, payload = '', signature = ''] = token.split('.');
  const find = async (): Promise<VerifyingKey> =>
    keys.of(issuer)(header as JWTHeaderParameters, { payload, signature });
  return keys.isAtHand(issuer, header) ? find() : budget.keyFetches.spend(find, verification);
}

type VerifyingKey = Awaited<ReturnType<JWTVerifyGetKey>>;

async function verified(
  token: string,
  key: VerifyingKey,
  issuer: IssuerConfig,
  { audience, clock, clockToleranceSeconds, maxAgeSeconds }: AccessTokenDependencies,
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, key, {
    algorithms: [...issuer.algorithms],
    issuer: issuer.issuer,
    audience,
    typ: TYPE,
    requiredClaims: [...REQUIRED_CLAIMS],
    maxTokenAge: maxAgeSeconds,
    clockTolerance: clockToleranceSeconds,
    currentDate: clock.now(),
  });
  return payload;
}

function read(
  payload: JWTPayload,
  { issuer }: IssuerConfig,
  { personClaim }: Pick<AccessTokenDependencies, 'personClaim'>,
): AccessToken {
  return {
    issuer,
    clientId: text(payload['client_id'], 'client_id'),
    subject: text(payload.sub, 'sub'),
    id: text(payload.jti, 'jti'),
    keyThumbprint: boundKey(payload['cnf']),
    expiresAt: (payload.exp ?? 0) * 1000,
    details: payload['authorization_details'],
    actor: actorOf(payload['act'], issuer),
    acr: payload['acr'] === undefined ? undefined : text(payload['acr'], 'acr'),
    person: payload[personClaim],
  };
}

/** A confirmation that we do not check (a certificate's beside the key's) is not one that we may skip (RFC 7800, section 3.1). */
function boundKey(confirmation: unknown): string {
  if (!isObject(confirmation) || Object.keys(confirmation).join() !== 'jkt') throw refusal('cnf');
  const thumbprint = confirmation['jkt'];
  if (typeof thumbprint !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(thumbprint)) throw refusal('cnf');
  return thumbprint;
}

/**
 * One actor at most: a chain of them is more than any rule here decides about. If `iss` says whose name `sub` is, it is
 * this issuer's (RFC 8693, section 4.1).
 */
function actorOf(act: unknown, issuer: string): string | undefined {
  if (act === undefined) return undefined;
  if (!isObject(act) || Object.hasOwn(act, 'act')) throw refusal('act');
  if (Object.hasOwn(act, 'iss') && act['iss'] !== issuer) throw refusal('act');
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
