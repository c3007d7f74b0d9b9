import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../../schemas/ports/random.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Texts that others carry for us, and can neither read nor change. */
export interface Sealing {
  seal(text: string): string;
  /** Returns a sealed text, or undefined if it was not sealed here. */
  open(sealed: string): string | undefined;
}

/** Makes a sealing with a key of its own, which is gone with the process (AES-256-GCM). */
export function createSealing(random: Pick<Random, 'bytes'>): Sealing {
  const key = random.bytes(32);
  return {
    seal: (text) => {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
      try {
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return decipher.update(body, undefined, 'utf8') + decipher.final('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
