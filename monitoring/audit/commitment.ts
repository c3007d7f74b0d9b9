import { createHash } from 'node:crypto';
import { canonicalBytes } from './canonical.js';

/**
 * A salted commitment: hex of SHA-256(salt ‖ RFC 8785 of the value). Who has salt and value can show
 * that this was meant; without the salt the value cannot be guessed from it.
 */
export function commitment(salt: Uint8Array, value: unknown): string {
  return createHash('sha256').update(salt).update(canonicalBytes(value)).digest('hex');
}
