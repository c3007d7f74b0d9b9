import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import {
  ED25519,
  formatNote,
  formatVerifierKey,
  isKeyName,
  parseVerifierKey,
  keyIdOf,
  type NoteSignature,
} from './note-text.js';
import type { NoteVerifier } from './open-note.js';

/** Signs notes under one name. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  /** The public key as `name+id+base64`. */
  readonly verifierKey: string;
  sign(text: string): NoteSignature;
}

/** Returns the id of an Ed25519 key (C2SP signed-note, Ed25519 signatures). */
export function ed25519KeyId(name: string, publicKey: Uint8Array): number {
  return keyIdOf(createHash('sha256').update(`${name}\n`).update(Uint8Array.of(ED25519)).update(publicKey).digest());
}

/** Returns the signer of a private Ed25519 key. Throws `TypeError` for another kind of key or a name that none may have. */
export function createNoteSigner(name: string, privateKey: KeyObject): NoteSigner {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519')
    throw new TypeError('a key that is not a private Ed25519 key');
  if (!isKeyName(name)) throw new TypeError('a name that no key may have');
  const publicKey = createPublicKey(privateKey);
  const keyId = ed25519KeyId(name, rawPublicKey(publicKey));
  return {
    name,
    keyId,
    verifierKey: verifierKeyOf(name, publicKey),
    sign: (text) => ({ name, keyId, signature: sign(null, Buffer.from(text, 'utf8'), privateKey) }),
  };
}

/** Returns the verifier key of a public Ed25519 key, as `name+id+base64`. */
export function verifierKeyOf(name: string, key: KeyObject): string {
  const publicKey = rawPublicKey(key);
  return formatVerifierKey({ name, keyId: ed25519KeyId(name, publicKey), type: ED25519, publicKey });
}

/** Returns the 32 bytes of a public Ed25519 key (RFC 8032). */
export function rawPublicKey(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}

/** Returns the verifier of `name+id+base64`, or undefined if the text is not the verifier key of an Ed25519 key. */
export function createNoteVerifier(verifierKey: string): NoteVerifier | undefined {
  const parsed = parseVerifierKey(verifierKey);
  if (parsed?.type !== ED25519 || parsed.publicKey.length !== 32) return undefined;
  const { name, keyId, publicKey } = parsed;
  if (keyId !== ed25519KeyId(name, publicKey)) return undefined;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
    format: 'jwk',
  });
  return { name, keyId, verify: (text, signature) => verify(null, Buffer.from(text, 'utf8'), key, signature) };
}

/** Returns a text, which must end in a newline, with a signature of each signer. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  return formatNote({ text, signatures: signers.map((signer) => signer.sign(text)) });
}
