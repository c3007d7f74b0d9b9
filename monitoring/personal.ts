import { withAsciiDigits } from '../schemas/caller-texts/digits.js';
import { holdsIdentityNumber } from '../schemas/caller-texts/identity-numbers.js';

/** Twelve digits in a row may be a person's number (IIN), with any characters around them. */
const TWELVE_DIGITS = /\d{12}/;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const SHA256 = /\b[0-9a-f]{64}\b/gi;

/** Bounds of numbers with 11 or 12 digits. As a number, an IIN may have lost its leading zero. */
const LEAST = 1e10;
const TOO_LARGE = 1e12;

/**
 * Returns whether a value may hold a person's number, in digits of any script. The second line of
 * defence of logs and metrics, for code that passes such a number by mistake. Tereze's own ids and
 * hashes (UUIDs, SHA-256) are not taken for numbers.
 */
export function mayBePersonal(value: unknown): boolean {
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) >= LEAST && Math.abs(value) < TOO_LARGE;
  if (typeof value !== 'string') return false;
  const rest = value.replaceAll(UUID, '').replaceAll(SHA256, '');
  return TWELVE_DIGITS.test(withAsciiDigits(rest)) || holdsIdentityNumber(rest);
}
