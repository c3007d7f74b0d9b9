import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { importJWK } from 'jose';
import type { RecipientKey } from '../../../monitoring/identity/data-key.js';
import { recipientId, type Recipient } from '../../../monitoring/recipients.js';

/** A recipient of data keys with its private key. */
export interface TestRecipient extends Recipient {
  readonly privateKey: RecipientKey;
  readonly jwk: JsonWebKey;
}

/** Makes a recipient. */
export async function makeRecipient(name: string): Promise<TestRecipient> {
  const jwk = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  const key = jwk.x ?? '';
  const imported = await importJWK({ ...jwk, kty: 'OKP' }, 'ECDH-ES+A256KW');
  if (imported instanceof Uint8Array) throw new TypeError('a symmetric key');
  return { name, key, jwk, privateKey: { id: recipientId(key), key: imported } };
}
