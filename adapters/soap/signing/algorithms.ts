import type { KeyObject } from 'node:crypto';
import type { CanonicalForm } from './canonical.js';

/**
 * The only algorithms that are used and accepted: no SHA-1, no HMAC, no transform that could leave anything out. The
 * forms with comments are not in it: a comment says nothing to a reader, and references to an Id drop them anyway (XML
 * Signature 4.4.3.3).
 */
export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const INCLUSIVE_C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

/** Canonical forms by their names, without the prefixes that an exclusive one may list. */
const CANONICAL_FORMS: ReadonlyMap<string, Omit<CanonicalForm, 'prefixes'>> = new Map([
  [EXCLUSIVE_C14N, { exclusive: true, inherited: 'none' }],
  [INCLUSIVE_C14N, { exclusive: false, inherited: 'all' }],
  // Canonical XML 1.1
  ['http://www.w3.org/2006/12/xml-c14n11', { exclusive: false, inherited: 'simple' }],
]);

/** Names of hashes in Node. */
type Hash = 'sha256' | 'sha384' | 'sha512';

export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

const DIGESTS: ReadonlyMap<string, Hash> = new Map([
  [SHA256, 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
]);

export interface SignatureMethod {
  readonly hash: Hash;
  readonly keyType: 'rsa' | 'ec';
}

const SIGNATURES: ReadonlyMap<string, SignatureMethod> = new Map(
  (['rsa', 'ec'] as const).flatMap((keyType) =>
    (['sha256', 'sha384', 'sha512'] as const).map((hash) => [
      `http://www.w3.org/2001/04/xmldsig-more#${keyType === 'ec' ? 'ecdsa' : 'rsa'}-${hash}`,
      { keyType, hash },
    ]),
  ),
);

/** Each returns undefined for a name that is not on the list. */
export const canonicalFormOf = (name: string): Omit<CanonicalForm, 'prefixes'> | undefined => CANONICAL_FORMS.get(name);
export const digestOf = (name: string): Hash | undefined => DIGESTS.get(name);
export const signatureMethodOf = (name: string): SignatureMethod | undefined => SIGNATURES.get(name);

const MIN_RSA_BITS = 2048;
/** Curves by their names in OpenSSL, with the hash of their strength. */
const CURVES: ReadonlyMap<string, Hash> = new Map([
  ['prime256v1', 'sha256'],
  ['secp384r1', 'sha384'],
  ['secp521r1', 'sha512'],
]);

/**
 * Returns the method that a key signs with: RSA of at least 2048 bits with SHA-256, or ECDSA on P-256, P-384 or P-521
 * with the hash of that strength. Undefined for any other key.
 */
export function methodOfKey(key: KeyObject): (SignatureMethod & { readonly name: string }) | undefined {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  const hash = key.asymmetricKeyType === 'ec' ? CURVES.get(namedCurve) : 'sha256';
  const keyType = key.asymmetricKeyType;
  if (hash === undefined || (keyType !== 'ec' && !(keyType === 'rsa' && modulusLength >= MIN_RSA_BITS)))
    return undefined;
  const [name] = [...SIGNATURES].find(([, method]) => method.keyType === keyType && method.hash === hash) ?? [];
  return name === undefined ? undefined : { name, keyType, hash };
}
