import { createHash } from 'node:crypto';
import canonicalizeModule from 'canonicalize';

/** The package is CommonJS; its types call its only export a default. */
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/** Returns the RFC 8785 (JCS) bytes of a JSON value. Throws for a value that JSON cannot express. */
export function canonicalBytes(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return Buffer.from(text, 'utf8');
}

const LEAF_PREFIX = Buffer.from([0]);

/** Returns SHA-256(0x00 ‖ entry) (RFC 9162, section 2.1.1). */
export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF_PREFIX).update(entry).digest();
}
