import { errors } from 'jose';

const CLAIMS: ReadonlySet<string> = new Set([
  'typ',
  'iss',
  'aud',
  'exp',
  'nbf',
  'iat',
  'sub',
  'jti',
  'client_id',
  'cnf',
  'htm',
  'htu',
  'ath',
]);

const BY_CODE: Readonly<Record<string, string>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'alg',
  ERR_JOSE_NOT_SUPPORTED: 'alg',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature',
  ERR_JWKS_NO_MATCHING_KEY: 'kid',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'kid',
};

/** Returns the rule that a token broke, from a closed set: a claim's name, `alg`, `kid`, `signature` or `malformed`. Never a value of the token. */
export function joseFault(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired)
    return CLAIMS.has(error.claim) ? error.claim : 'claim';
  return error instanceof errors.JOSEError ? (BY_CODE[error.code] ?? 'malformed') : 'malformed';
}
