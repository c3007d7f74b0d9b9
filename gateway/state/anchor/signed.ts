import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalBytes } from '../../../monitoring/audit/canonical.js';
import { isObject } from '../../../schemas/objects.js';
import { parseUnambiguousJson } from '../../../schemas/json/strict-json.js';

/** What a signed text is. The signature covers it, so that no text passes for one of another kind. */
export type SignedKind = 'tereze-anchor-head-v1' | 'tereze-anchor-journal-v1';

/** Signs the texts that Tereze keeps outside its database, and opens those that it has signed. */
export interface Signer {
  /** Returns canonical JSON (RFC 8785) with an Ed25519 signature (RFC 8032). */
  sign(kind: SignedKind, content: unknown): string;
  /** Returns the content, or undefined if the text was not signed with this key, as this kind. Never throws. */
  open(kind: SignedKind, text: string): unknown;
}

/** The beginning of an Ed25519 private key in PKCS #8 (RFC 8410, section 7); the 32 bytes of the seed follow. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Returns the signer whose private key is this seed of 32 bytes. */
export function createSigner(seed: Buffer): Signer {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey);
  return {
    sign: (kind, content) => {
      const signature = sign(null, canonicalBytes({ kind, content }), privateKey).toString('base64url');
      return `${canonicalBytes({ kind, content, signature }).toString()}\n`;
    },
    open: (kind, text) => {
      const read = parsed(text);
      return read !== undefined && read.kind === kind && isSigned(read, publicKey) ? read.content : undefined;
    },
  };
}

interface SignedText {
  readonly kind: string;
  readonly content: unknown;
  readonly signature: string;
}

function parsed(text: string): SignedText | undefined {
  try {
    const value = parseUnambiguousJson(text);
    if (!isObject(value)) return undefined;
    const { kind, content, signature, ...rest } = value;
    if (typeof kind !== 'string' || typeof signature !== 'string' || Object.keys(rest).length > 0) return undefined;
    return { kind, content, signature };
  } catch {
    return undefined;
  }
}

function isSigned({ kind, content, signature }: SignedText, publicKey: KeyObject): boolean {
  try {
    return verify(null, canonicalBytes({ kind, content }), publicKey, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
