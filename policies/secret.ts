import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PoliciesConfig } from './config.js';

const SECRET_BYTES = 32;
const KEY_BYTES = 32;

/** Reads the secret of the installation from its file. @throws Error when the file cannot be read or holds less than 32 bytes. */
export function readSecret(file: string): Buffer {
  const secret = Buffer.from(readFileSync(file, 'utf8').trim());
  if (secret.length < SECRET_BYTES) throw new Error(`${file} holds less than ${SECRET_BYTES} bytes`);
  return secret;
}

/**
 * Reads the secrets of the live keys of index tokens, newest first: of the files that the configuration names, or else the
 * secret of the installation. @throws Error when a file cannot be read or holds less than 32 bytes.
 */
export function readIndexSecrets({
  secret_file: secret,
  index_secret_files: files = [secret],
}: Pick<PoliciesConfig, 'secret_file' | 'index_secret_files'>): readonly Buffer[] {
  return files.map(readSecret);
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
