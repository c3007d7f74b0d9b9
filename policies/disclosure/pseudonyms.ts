import { createHmac } from 'node:crypto';
import type { Pseudonyms } from '../../schemas/ports/pseudonyms.js';
import { deriveKey } from '../secret.js';

/** RFC 4648 base32. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const PSEUDONYM_LENGTH = 12;
const INDEX_TOKEN_DIGITS = 32;
/** The purpose for which the keys of tokens are derived. Tokens in databases depend on it. */
const TOKEN_KEY = 'tereze/index-token/v1';

/**
 * Returns pseudonyms by HMAC-SHA-256. Tokens and pseudonyms have derived keys of their own, so that a leaked token reveals
 * nothing about a pseudonym.
 *
 * @param secret the secret of the installation.
 * @param indexSecrets the secrets of the live keys of index tokens, newest first.
 * @throws RangeError when a secret is shorter than 32 bytes, or no key of index tokens is live.
 */
export function createPseudonyms(secret: Buffer, indexSecrets: readonly Buffer[] = [secret]): Pseudonyms {
  const tokenKey = deriveKey(secret, TOKEN_KEY);
  const indexKeys = indexSecrets.map((one) => deriveKey(one, TOKEN_KEY));
  const [newest] = indexKeys;
  if (newest === undefined) throw new RangeError('no key of index tokens is live');
  const pseudonymKey = deriveKey(secret, 'tereze/pseudonym/v1');
  return {
    token: (subject) => createHmac('sha256', tokenKey).update(subject).digest('hex'),
    indexToken: (subject) => indexToken(newest, subject),
    indexTokens: (subject) => [...new Set(indexKeys.map((key) => indexToken(key, subject)))],
    // A JSON array keeps the parts apart: ("a", "bc") and ("ab", "c") differ.
    pseudonym: (subject, receiver, caseNumber) =>
      `P-${base32(
        createHmac('sha256', pseudonymKey)
          .update(JSON.stringify([receiver, caseNumber, subject]))
          .digest(),
      )}`,
  };
}

/** The first 16 bytes: two of a billion people have the same with a chance of less than 10^-20. */
function indexToken(key: Buffer, subject: string): string {
  return createHmac('sha256', key).update(subject).digest('hex').slice(0, INDEX_TOKEN_DIGITS);
}

/** The first 60 bits, five at a time. */
function base32(bytes: Buffer): string {
  let rest = bytes.readBigUInt64BE() >> 4n;
  let text = '';
  for (let digit = 0; digit < PSEUDONYM_LENGTH; digit += 1) {
    text = `${ALPHABET[Number(rest & 31n)] ?? ''}${text}`;
    rest >>= 5n;
  }
  return text;
}
