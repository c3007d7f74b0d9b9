import { hash } from 'node:crypto';
import { canonicalBytes } from './canonical.js';

/**
 * Returns a salted commitment: hex of SHA-256(salt ‖ RFC 8785 of the value). Salt and value together
 * prove what was committed to. Without the salt, the value cannot be guessed.
 */
export function commitment(salt: Uint8Array, value: unknown): string {
  return hash('sha256', Buffer.concat([salt, canonicalBytes(value)]), 'hex');
}
