import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../schemas/ports/random.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Authenticated encryption under one key: AES-256-GCM, `nonce ‖ ciphertext ‖ tag`. */
export interface Seal {
  /** Returns the sealed bytes. To open them, the caller must give the same `context`: the result does not hold it. */
  seal(plain: Buffer, context: string): Buffer;
  /** Returns the plain bytes, or undefined for bytes that this key did not seal in this context. Never throws. */
  open(sealed: Buffer, context: string): Buffer | undefined;
}

/** Returns the number of bytes of this many bytes once sealed. */
export function sealedLength(plainBytes: number): number {
  return NONCE_BYTES + plainBytes + TAG_BYTES;
}

export function createSeal(key: Buffer, random: Random): Seal {
  return {
    seal: (plain, context) => {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(
        Buffer.from(context),
      );
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed, context) => {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const tag = sealed.subarray(-TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}
