import { createPrivateKey, type KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { codeOf } from '../../../schemas/error-code.js';
import { createNoteSigner, type NoteSigner } from '../tree/note.js';

/**
 * The keys that sign checkpoints.
 *
 * Contract: `signers` resolves with a signer for each key that signs at present, the current one first, at least one.
 * Rejects with {@link KeyFailure} if there is none or it cannot be used. A private key never leaves the provider.
 */
export interface CheckpointKeys {
  /** @param log name of the log, which is the name of its keys: `log.example.kz/tereze/0`. */
  signers(log: string): Promise<readonly NoteSigner[]>;
}

/** A key cannot be used. The message says which file, why, and what to do; it holds nothing of the key. */
export class KeyFailure extends Error {
  readonly code: 'KEY_UNREADABLE' | 'KEY_EXPOSED' | 'KEY_MALFORMED';
  constructor(code: KeyFailure['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'KeyFailure';
    this.code = code;
  }
}

/** More than a file of a few keys has. */
const MAX_BYTES = 65_536;
const PEM = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g;

/**
 * Returns the keys of a file: private Ed25519 keys in PEM (PKCS #8), the current one first. The file is read each time,
 * so that a key that is added or removed counts from then on.
 */
export function createFileKeys(file: string): CheckpointKeys {
  return { signers: async (log) => (await readKeys(file)).map((key) => createNoteSigner(log, key)) };
}

async function readKeys(file: string): Promise<readonly KeyObject[]> {
  const text = await readOwnFile(file);
  const keys = [...text.matchAll(PEM)].map(([pem]) => privateKey(file, pem));
  if (keys.length === 0) throw malformed(file);
  return keys;
}

/** Reads a file that no one else may read. The rights are those of the file that is read, not of one that replaced it. */
async function readOwnFile(file: string): Promise<string> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new KeyFailure(
      'KEY_UNREADABLE',
      `the key file ${file} cannot be read (${codeOf(cause) ?? 'unknown'})`,
      cause,
    );
  });
  try {
    const { mode, size } = await handle.stat();
    if ((mode & 0o077) !== 0)
      throw new KeyFailure(
        'KEY_EXPOSED',
        `the key file ${file} has mode ${(mode & 0o777).toString(8).padStart(4, '0')}, so that others may use the key: run chmod 600 ${file}`,
      );
    if (size > MAX_BYTES) throw malformed(file);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function privateKey(file: string, pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause could quote the file.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw malformed(file);
  return key;
}

function malformed(file: string): KeyFailure {
  return new KeyFailure(
    'KEY_MALFORMED',
    `the key file ${file} must hold private Ed25519 keys in PEM: openssl genpkey -algorithm ed25519`,
  );
}
