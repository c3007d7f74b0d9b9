import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';

const SECRET_BYTES = 32;
const KEY_BYTES = 32;

/** Reads the secret of the installation from its file. @throws Error when the file cannot be read or holds less than 32 bytes. */
export function readSecret(file: string): Buffer {
  const secret = Buffer.from(readFileSync(file, 'utf8').trim());
  if (secret.length < SECRET_BYTES) throw new Error(`${file} holds less than ${SECRET_BYTES} bytes`);
  return secret;
}

/**
 * Derives the key of one use from the secret of the installation (HKDF-SHA-256, RFC 5869). Two uses have different keys.
 *
 * @throws RangeError when the secret is shorter than 32 bytes.
 */
export function deriveKey(secret: Buffer, use: string): Buffer {
  if (secret.length < SECRET_BYTES)
    throw new RangeError(`the secret of the installation must have at least ${SECRET_BYTES} bytes`);
  return Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES));
}
