import { createPrivateKey } from 'node:crypto';
import { importJWK } from 'jose';
import { z } from 'zod';
import { KeyFailure, readOwnFile } from '../audit/checkpoints/keys.js';
import { recipientId } from '../recipients.js';
import type { RecipientKey } from './data-key.js';

const privateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('X25519'),
  x: z.string().max(64),
  d: z.string().max(64),
});
const keyFile = z.object({ keys: z.array(privateJwk).min(1).max(64) });

/**
 * Reads the private keys of recipients: a JWK Set of X25519 keys (RFC 7517, section 5), as `tereze identity key new` makes
 * it, with mode 0600. Rejects with {@link KeyFailure}, which holds nothing of a key.
 */
export async function readRecipientKeys(file: string): Promise<readonly RecipientKey[]> {
  const text = await readOwnFile(file).catch((error: unknown) => {
    throw error instanceof KeyFailure && error.code === 'KEY_MALFORMED' ? malformed(file) : error;
  });
  const { keys } = parsed(file, text);
  return Promise.all(keys.map((jwk) => recipientKey(file, jwk)));
}

function parsed(file: string, text: string): z.output<typeof keyFile> {
  try {
    return keyFile.parse(JSON.parse(text));
  } catch {
    // The cause could quote the file.
    throw malformed(file);
  }
}

async function recipientKey(file: string, jwk: z.output<typeof privateJwk>): Promise<RecipientKey> {
  try {
    // The public half of a file that was put together by hand may belong to another key.
    if (createPrivateKey({ key: { ...jwk }, format: 'jwk' }).export({ format: 'jwk' }).x !== jwk.x)
      throw malformed(file);
    const key = await importJWK(jwk, 'ECDH-ES+A256KW');
    if (key instanceof Uint8Array) throw malformed(file);
    return { id: recipientId(jwk.x), key };
  } catch {
    throw malformed(file);
  }
}

function malformed(file: string): KeyFailure {
  return new KeyFailure(
    'KEY_MALFORMED',
    `the key file ${file} must hold private X25519 keys as a JWK Set: tereze identity key new makes one`,
  );
}
