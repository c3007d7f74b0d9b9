import { createHmac } from 'node:crypto';
import type { Pseudonyms } from '../../schemas/ports/pseudonyms.js';
import { deriveKey } from '../secret.js';

/** RFC 4648 base32. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const PSEUDONYM_LENGTH = 12;

/**
 * Returns pseudonyms by HMAC-SHA-256. Each of the two kinds has a derived key of its own, so that a
 * leaked index token reveals nothing about a pseudonym.
 *
 * @throws RangeError when the secret is shorter than 32 bytes.
 */
export function createPseudonyms(secret: Buffer): Pseudonyms {
  const tokenKey = deriveKey(secret, 'tereze/index-token/v1');
  const pseudonymKey = deriveKey(secret, 'tereze/pseudonym/v1');
  return {
    token: (subject) => createHmac('sha256', tokenKey).update(subject).digest('hex'),
    // A JSON array keeps the parts apart: ("a", "bc") and ("ab", "c") differ.
    pseudonym: (subject, receiver, caseNumber) =>
      `P-${base32(
        createHmac('sha256', pseudonymKey)
          .update(JSON.stringify([receiver, caseNumber, subject]))
          .digest(),
      )}`,
  };
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
