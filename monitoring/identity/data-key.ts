import { flattenedDecrypt, GeneralEncrypt, importJWK, type CryptoKey, type GeneralJWE, type KeyObject } from 'jose';
import { z } from 'zod';
import { KEY_ID_BYTES } from './sealed-identity.js';
import { publicJwk, recipientId, type Recipient } from '../recipients.js';

/** Bytes of a data key. */
export const DATA_KEY_BYTES = 32;

const ALGORITHM = 'ECDH-ES+A256KW';
const ENCRYPTION = 'A256GCM';
/** What a sealed data key says that it is, so that nothing else that was sealed to a recipient passes for one. */
const TYPE = 'tereze-data-key';

/** A private key of a recipient. */
export interface RecipientKey {
  /** {@link recipientId} of its public key. */
  readonly id: string;
  readonly key: CryptoKey | KeyObject;
}

/** A data key that these private keys cannot open. The message names recipients only by the ids of their public keys. */
export class DataKeyNotOpened extends Error {
  readonly code: 'malformed' | 'other_recipients' | 'not_authentic';
  constructor(code: DataKeyNotOpened['code'], cause?: unknown) {
    super(`a sealed data key cannot be opened: ${code}`, { cause });
    this.name = 'DataKeyNotOpened';
    this.code = code;
  }
}

/**
 * Seals a data key to recipients, so that each of them can open it alone: one JWE in JSON (RFC 7516, section 7.2.1),
 * ECDH-ES+A256KW over X25519 (RFC 7518, section 4.6; RFC 8037), content A256GCM. Its protected header names the data key,
 * so that the sealed form of one cannot stand for another.
 */
export async function sealDataKey(raw: Uint8Array, id: Buffer, recipients: readonly Recipient[]): Promise<string> {
  const jwe = new GeneralEncrypt(raw).setProtectedHeader({ enc: ENCRYPTION, typ: TYPE, kid: id.toString('hex') });
  for (const { key } of recipients)
    jwe
      .addRecipient(await importJWK({ ...publicJwk(key) }, ALGORITHM))
      .setUnprotectedHeader({ alg: ALGORITHM, recipient: recipientId(key) });
  return JSON.stringify(await jwe.encrypt());
}

const part = z.string().max(1_024);
const sealedDataKey = z.object({
  protected: part,
  ciphertext: part,
  iv: part,
  tag: part,
  recipients: z
    .array(z.object({ encrypted_key: part, header: z.object({ alg: z.literal(ALGORITHM), recipient: part }).loose() }))
    .min(1)
    .max(64),
});

/** Opens a data key with the first of these private keys that is one of its recipients. Throws {@link DataKeyNotOpened}. */
export async function openDataKey(sealed: string, id: Buffer, keys: readonly RecipientKey[]): Promise<Buffer> {
  const { recipients, ...shared } = parsed(sealed);
  for (const { header, encrypted_key } of recipients) {
    const mine = keys.find((key) => key.id === header.recipient);
    if (mine === undefined) continue;
    const { plaintext, protectedHeader } = await flattenedDecrypt({ ...shared, header, encrypted_key }, mine.key, {
      keyManagementAlgorithms: [ALGORITHM],
      contentEncryptionAlgorithms: [ENCRYPTION],
    }).catch((error: unknown) => {
      throw new DataKeyNotOpened('not_authentic', error);
    });
    const isThis = protectedHeader?.['typ'] === TYPE && protectedHeader['kid'] === id.toString('hex');
    if (!isThis || plaintext.length !== DATA_KEY_BYTES || id.length !== KEY_ID_BYTES)
      throw new DataKeyNotOpened('not_authentic');
    return Buffer.from(plaintext);
  }
  throw new DataKeyNotOpened('other_recipients');
}

/** Returns the ids of the recipients of a data key; none of one that was changed. */
export function recipientsOf(sealed: string): readonly string[] {
  try {
    return parsed(sealed).recipients.map(({ header }) => header.recipient);
  } catch {
    return [];
  }
}

function parsed(sealed: string): z.output<typeof sealedDataKey> & Pick<GeneralJWE, 'recipients'> {
  try {
    return sealedDataKey.parse(JSON.parse(sealed));
  } catch (error) {
    throw new DataKeyNotOpened('malformed', error);
  }
}
