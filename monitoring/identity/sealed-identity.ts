import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import type { Random } from '../../schemas/ports/random.js';

/** Bytes of the id of a data key. */
export const KEY_ID_BYTES = 16;

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** An identifier is padded to whole blocks of this length. */
const BLOCK_BYTES = 32;
/** Before the identifier stands its length. */
const LENGTH_BYTES = 2;
const HEAD_BYTES = 1 + KEY_ID_BYTES;
const LEAST_BYTES = HEAD_BYTES + NONCE_BYTES + BLOCK_BYTES + TAG_BYTES;

/** A data key: AES-256, with the id by which its sealed form is found. */
export interface DataKey {
  /** 16 bytes. */
  readonly id: Buffer;
  readonly key: KeyObject;
}

/** Bytes that are not an identity sealed under this key: another key, or someone changed them. Says nothing of them. */
export class NotOpened extends Error {
  constructor(cause?: unknown) {
    super('a sealed identity cannot be opened', { cause });
    this.name = 'NotOpened';
  }
}

/**
 * Seals an identifier under a data key with AES-256-GCM (NIST SP 800-38D) and a random nonce. Returns
 *
 *     version (1) ‖ id of the data key (16) ‖ nonce (12) ‖ ciphertext (32 n) ‖ tag (16)
 *
 * The ciphertext is that of the length of the identifier (2 bytes), the identifier in UTF-8, and zeros up to a whole
 * block: every number of a person is sealed in 77 bytes. Version and id are authenticated. A nonce comes twice under one
 * key with a chance below 2^-32 as long as fewer than 2^32 identifiers are sealed under it.
 */
export function sealIdentity(identifier: string, { id, key }: DataKey, random: Random): Buffer {
  const text = Buffer.from(identifier, 'utf8');
  const plain = Buffer.alloc(Math.ceil((LENGTH_BYTES + text.length) / BLOCK_BYTES) * BLOCK_BYTES);
  plain.writeUInt16BE(text.length);
  text.copy(plain, LENGTH_BYTES);
  const head = Buffer.concat([Buffer.of(VERSION), id]);
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(head);
  const sealed = Buffer.concat([head, nonce, cipher.update(plain), cipher.final()]);
  plain.fill(0);
  text.fill(0);
  return Buffer.concat([sealed, cipher.getAuthTag()]);
}

/** Returns the id of the data key of a sealed identity, or undefined if the bytes are none. */
export function keyIdOf(sealed: Uint8Array): Buffer | undefined {
  const isSealed = sealed[0] === VERSION && (sealed.length - LEAST_BYTES) % BLOCK_BYTES === 0;
  return isSealed && sealed.length >= LEAST_BYTES ? Buffer.from(sealed.subarray(1, HEAD_BYTES)) : undefined;
}

/** Returns the identifier that {@link sealIdentity} sealed. Throws {@link NotOpened}. */
export function openIdentity(sealed: Uint8Array, { id, key }: DataKey): string {
  if (keyIdOf(sealed)?.equals(id) !== true) throw new NotOpened();
  const nonce = sealed.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
  const ciphertext = sealed.subarray(HEAD_BYTES + NONCE_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(sealed.subarray(0, HEAD_BYTES))
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    return plain.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + plain.readUInt16BE());
  } catch (error) {
    throw new NotOpened(error);
  }
}
