import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose';

/** A JWT that is not verified. It may be refused for what it says, and never believed. */
export interface UnverifiedJwt {
  readonly header: ProtectedHeaderParameters;
  readonly payload: JWTPayload;
}

/** The rules for a JWT that need no key. `jwtVerify` of jose checks the same again, with the signature. */
export interface KeylessRules {
  readonly typ: string;
  readonly algorithms: readonly string[];
  readonly requiredClaims: readonly string[];
  readonly maxAgeSeconds: number;
  readonly clockToleranceSeconds: number;
}

/** Reads a JWT without verifying it; undefined if it is none. */
export function readUnverified(jwt: string): UnverifiedJwt | undefined {
  try {
    return { header: decodeProtectedHeader(jwt), payload: decodeJwt(jwt) };
  } catch {
    return undefined;
  }
}

/**
 * Returns a rule that a JWT breaks, so that no signature is checked for it; undefined if it breaks none.
 * It refuses nothing that jose would accept.
 */
export function keylessFault({ header, payload }: UnverifiedJwt, rules: KeylessRules, now: Date): string | undefined {
  if (typeof header.alg !== 'string' || !rules.algorithms.includes(header.alg)) return 'alg';
  if (typeof header.typ !== 'string' || mediaType(header.typ) !== mediaType(rules.typ)) return 'typ';
  const missing = rules.requiredClaims.find((claim) => !Object.hasOwn(payload, claim));
  return missing ?? timeFault(payload, rules, Math.floor(now.getTime() / 1_000));
}

function timeFault({ iat, nbf, exp }: JWTPayload, rules: KeylessRules, now: number): string | undefined {
  const { maxAgeSeconds, clockToleranceSeconds: tolerance } = rules;
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + tolerance)) return 'nbf';
  if (exp !== undefined && !(typeof exp === 'number' && exp > now - tolerance)) return 'exp';
  const isTimely = typeof iat === 'number' && now - iat - tolerance <= maxAgeSeconds && now - iat >= -tolerance;
  return isTimely ? undefined : 'iat';
}

/** `at+jwt` and `application/at+jwt` are the same type (RFC 7515, section 4.1.9). */
function mediaType(typ: string): string {
  const lower = typ.toLowerCase();
  return lower.includes('/') ? lower : `application/${lower}`;
}
