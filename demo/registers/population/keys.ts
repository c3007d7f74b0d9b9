import { createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { keepSecret } from '../../secrets.js';

/** PEM texts. */
export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Before what PEM encloses anything may stand (RFC 7468 section 2). */
const MARK = 'Key of the Tereze demo: for show only.\n';

/** An RSA pair of the demo, made at the first start and kept. */
export async function keepKeyPair(path: string): Promise<KeyPair> {
  return keepSecret(path, async () => {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    return {
      privateKey: MARK + privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      publicKey: MARK + createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    };
  });
}
