import { createHash, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';

/** A public key to which data keys are sealed. */
export interface Recipient {
  /** Who holds the private key, for people: `dpo-2026`. */
  readonly name: string;
  /** X25519 public key (RFC 7748), 32 bytes as 43 characters of base64url: `x` of its JWK (RFC 8037). */
  readonly key: string;
}

/** Returns the public key as a JWK. */
export function publicJwk(key: string): { readonly kty: 'OKP'; readonly crv: 'X25519'; readonly x: string } {
  return { kty: 'OKP', crv: 'X25519', x: key };
}

/** Returns the id of a public key: its JWK thumbprint (RFC 7638; members in the order of RFC 8037, appendix A.3). */
export function recipientId(key: string): string {
  return createHash('sha256').update(`{"crv":"X25519","kty":"OKP","x":"${key}"}`).digest('base64url');
}

/**
 * Returns whether data keys can be sealed to this text: 32 bytes in base64url that are a point of full order. With a
 * point of low order the shared secret would be zero, and anyone could open what was sealed (RFC 7748, section 6.1).
 */
export function isPublicKey(key: string): boolean {
  if (Buffer.from(key, 'base64url').toString('base64url') !== key) return false;
  try {
    const publicKey = createPublicKey({ key: { ...publicJwk(key) }, format: 'jwk' });
    diffieHellman({ privateKey: generateKeyPairSync('x25519').privateKey, publicKey });
    return true;
  } catch {
    return false;
  }
}
