import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { LRUCache } from 'lru-cache';

/** The kinds of keys that proofs are signed with. */
type KeyKind = 'P-256' | 'P-384' | 'P-521' | 'RSA' | 'Ed25519';

/** A public key that can verify. */
export interface ProofKey {
  readonly key: KeyObject;
  readonly kind: KeyKind;
}

/** The signature of a proof. */
export interface ProofSignature {
  /** `alg` of the proof. */
  readonly algorithm: string;
  /** What was signed: the two first parts of the proof, as they were sent (RFC 7515, section 5.2). */
  readonly input: Buffer;
  readonly signature: Uint8Array;
}

interface Algorithm {
  readonly kind: KeyKind;
  readonly digest: string | null;
  readonly options: {
    readonly dsaEncoding?: 'ieee-p1363';
    readonly padding?: number;
    readonly saltLength?: number;
  };
  /** Whether one verification is too short to be worth a thread (below 0.1 ms). The others would hold up the event loop. */
  readonly isShort: boolean;
}

const ecdsa = (kind: KeyKind, bits: number): Algorithm => ({
  kind,
  digest: `sha${bits}`,
  options: { dsaEncoding: 'ieee-p1363' },
  isShort: kind === 'P-256',
});
const pss = (bits: number): Algorithm => ({
  kind: 'RSA',
  digest: `sha${bits}`,
  options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: bits / 8 },
  isShort: false,
});
const ED25519: Algorithm = { kind: 'Ed25519', digest: null, options: {}, isShort: true };

/** RFC 7518, sections 3.4 and 3.5; RFC 8037; RFC 9864. */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  ES256: ecdsa('P-256', 256),
  ES384: ecdsa('P-384', 384),
  ES512: ecdsa('P-521', 512),
  PS256: pss(256),
  PS384: pss(384),
  PS512: pss(512),
  EdDSA: ED25519,
  Ed25519: ED25519,
};

/** Keys that are remembered. About 2 kB each. */
const MAX_KEYS = 1_000;
/** RFC 7518, section 3.5. */
const MIN_RSA_BITS = 2_048;

/** Why a key cannot verify a proof: it is of another kind than `alg` demands, or it is no usable key at all. */
export type KeyFault = 'alg' | 'malformed';

/**
 * The public keys of callers, as proofs show them. A key that has verified a proof is remembered by its thumbprint, so
 * that it is made once: making it costs as much as a verification. Only the key is remembered. What a proof says of its
 * key (`use`, `alg`, `key_ops`, `ext`) is checked for each proof. Bounded: many keys only drive each other out.
 */
export class ProofKeys {
  readonly #kept = new LRUCache<string, ProofKey>({ max: MAX_KEYS });

  /** How many keys are remembered. */
  get size(): number {
    return this.#kept.size;
  }

  /** Returns the key of a proof, or why the proof cannot be verified with it. `thumbprint` must be that of `jwk`. */
  find(jwk: JWK, thumbprint: string, algorithm: string): ProofKey | KeyFault {
    const wanted = algorithmOf(algorithm);
    if (!isForSignatures(jwk, algorithm)) return 'malformed';
    if (wanted === undefined || jwk.kty !== KTY[wanted.kind]) return 'alg';
    if (!isForVerifying(jwk)) return 'malformed';
    const found = this.#kept.get(thumbprint) ?? publicKeyOf(jwk);
    return found?.kind === wanted.kind ? found : 'malformed';
  }

  /** Returns whether the signature is of this key. If it is, the key is remembered. */
  async verify(found: ProofKey, thumbprint: string, signed: ProofSignature): Promise<boolean> {
    const isRight = await isSignedBy(found, signed);
    if (isRight) this.#kept.set(thumbprint, found);
    return isRight;
  }
}

const KTY: Readonly<Record<KeyKind, string>> = {
  'P-256': 'EC',
  'P-384': 'EC',
  'P-521': 'EC',
  RSA: 'RSA',
  Ed25519: 'OKP',
};

const KIND_BY_CURVE: Readonly<Record<string, KeyKind>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

function algorithmOf(name: string): Algorithm | undefined {
  return Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
}

/** Returns whether what a key says of itself is well-formed and allows signatures of this algorithm (RFC 7517, section 4). */
function isForSignatures({ use, alg, key_ops: operations, ext }: JWK, algorithm: string): boolean {
  if (use !== undefined && use !== 'sig') return false;
  if (alg !== undefined && alg !== algorithm) return false;
  if (ext !== undefined && typeof ext !== 'boolean') return false;
  if (operations === undefined) return true;
  return isTexts(operations) && new Set(operations).size === operations.length;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** A public key does nothing else. */
function isForVerifying({ key_ops: operations }: JWK): boolean {
  return operations === undefined || (operations.length === 1 && operations[0] === 'verify');
}

/** Returns the key; undefined if it is none, or one that no algorithm here uses. */
function publicKeyOf(jwk: JWK): ProofKey | undefined {
  const key = keyObjectOf(jwk);
  const kind = key === undefined ? undefined : kindOf(key);
  return key === undefined || kind === undefined ? undefined : { key, kind };
}

function keyObjectOf(jwk: JWK): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function kindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyKind | undefined {
  if (asymmetricKeyType === 'ed25519') return 'Ed25519';
  if (asymmetricKeyType === 'ec') return KIND_BY_CURVE[asymmetricKeyDetails?.namedCurve ?? ''];
  const isLongRsa = asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
  return isLongRsa ? 'RSA' : undefined;
}

/** Returns false for every signature that cannot be right, of any length. */
async function isSignedBy({ key, kind }: ProofKey, { algorithm, input, signature }: ProofSignature): Promise<boolean> {
  const wanted = algorithmOf(algorithm);
  if (wanted?.kind !== kind) return false;
  const { digest, options, isShort } = wanted;
  try {
    if (isShort) return verify(digest, input, { key, ...options }, signature);
    return await new Promise<boolean>((resolve, reject) => {
      verify(digest, input, { key, ...options }, signature, (error, isRight) => {
        if (error === null) resolve(isRight);
        else reject(error);
      });
    });
  } catch {
    return false;
  }
}
