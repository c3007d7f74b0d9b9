import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { rawPublicKey } from '../../audit/tree/note.js';
import { formatVerifierKey, keyIdOf, parseVerifierKey, type NoteSignature } from '../../audit/tree/note-text.js';

/** Type of a timestamped Ed25519 cosignature (C2SP tlog-cosignature v1). */
const COSIGNATURE = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
/** The last second that an ISO date can say; the specification allows 2^63 - 1. */
const MOST_SECONDS = 253_402_300_799n;

/** The public key of a witness. */
export interface CosignatureVerifier {
  readonly name: string;
  readonly keyId: number;
  /** Returns when a text (the body of a checkpoint) was cosigned, or undefined if the signature does not hold. Never throws. */
  cosignedAt(text: string, signature: Uint8Array): Date | undefined;
}

/** Returns the key that `name+id+base64` says, or undefined if it is not the Ed25519 key of a witness. */
export function createCosignatureVerifier(verifierKey: string): CosignatureVerifier | undefined {
  const parsed = parseVerifierKey(verifierKey);
  if (parsed?.type !== COSIGNATURE || parsed.publicKey.length !== 32) return undefined;
  const { name, keyId, publicKey } = parsed;
  if (keyId !== cosignatureKeyId(name, publicKey)) return undefined;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
    format: 'jwk',
  });
  return { name, keyId, cosignedAt: (text, signature) => cosignedAt(key, text, signature) };
}

function cosignedAt(key: KeyObject, text: string, signature: Uint8Array): Date | undefined {
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  // Zero says no time (C2SP tlog-witness, add-checkpoint).
  if (seconds === 0n || seconds > MOST_SECONDS) return undefined;
  const isSigned = verify(null, cosignedMessage(text, seconds), key, signature.subarray(TIME_BYTES));
  return isSigned ? new Date(Number(seconds) * 1_000) : undefined;
}

/** Cosigns checkpoints as a witness. */
export interface Cosigner {
  readonly verifierKey: string;
  cosign(text: string, at: Date): NoteSignature;
}

/** Returns the cosigner of a private Ed25519 key. */
export function createCosigner(name: string, privateKey: KeyObject): Cosigner {
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  const keyId = cosignatureKeyId(name, publicKey);
  return {
    verifierKey: formatVerifierKey({ name, keyId, type: COSIGNATURE, publicKey }),
    cosign: (text, at) => {
      const seconds = BigInt(Math.floor(at.getTime() / 1_000));
      const time = Buffer.alloc(TIME_BYTES);
      time.writeBigUInt64BE(seconds);
      return {
        name,
        keyId,
        signature: Buffer.concat([time, sign(null, cosignedMessage(text, seconds), privateKey)]),
      };
    },
  };
}

function cosignatureKeyId(name: string, publicKey: Uint8Array): number {
  return keyIdOf(
    createHash('sha256').update(`${name}\n`).update(Uint8Array.of(COSIGNATURE)).update(publicKey).digest(),
  );
}

function cosignedMessage(text: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`, 'utf8');
}
