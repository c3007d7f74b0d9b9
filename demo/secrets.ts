import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeDurably } from '../gateway/state/durable-file.js';

/** Reads a JSON value that an earlier start kept; makes and keeps it (mode 0600) when there is none. */
export async function keepSecret<T>(path: string, make: () => Promise<T>): Promise<T> {
  const kept = await readIfThere(path);
  if (kept !== undefined) return JSON.parse(kept) as T;
  const value = await make();
  await writePrivate(path, JSON.stringify(value, undefined, 2));
  return value;
}

/** A random text of its own in a file of its own. */
export async function keepToken(path: string): Promise<string> {
  const kept = await readIfThere(path);
  if (kept !== undefined) return kept.trim();
  const token = randomBytes(32).toString('base64url');
  await writePrivate(path, `${token}\n`);
  return token;
}

/** Keeps a private Ed25519 key (PEM, PKCS #8) in a file of its own. */
export async function keepSigningKey(path: string): Promise<void> {
  if ((await readIfThere(path)) !== undefined) return;
  const { privateKey } = generateKeyPairSync('ed25519');
  await writePrivate(path, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
}

/** Keeps the private key of a recipient of data keys in a file of its own, and returns the public key. */
export async function keepRecipientKey(path: string, name: string): Promise<string> {
  const { keys } = await keepSecret<{ readonly keys: readonly { readonly x?: string }[] }>(path, async () => ({
    keys: [{ ...generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }), kid: name }],
  }));
  return keys[0]?.x ?? '';
}

/** Writes a file that only its owner may read, whole or not at all. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  writeDurably(path, text);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
