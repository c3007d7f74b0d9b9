/** Twelve digits in a row may be a person's number (IIN), whatever stands around them. */
const TWELVE_DIGITS = /\d{12}/;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const SHA256 = /\b[0-9a-f]{64}\b/gi;

/** The least and the first too large number of 11 or 12 digits: as a number, an IIN may have lost its leading zero. */
const LEAST = 1e10;
const TOO_LARGE = 1e12;

/**
 * Whether a value may hold a person's number: the second line of defence of logs and metrics, for
 * the case that somebody hands them one. Ids and hashes of Tereze's own (UUIDs, SHA-256) are told apart.
 */
export function mayBePersonal(value: unknown): boolean {
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) >= LEAST && Math.abs(value) < TOO_LARGE;
  return typeof value === 'string' && TWELVE_DIGITS.test(value.replaceAll(UUID, '').replaceAll(SHA256, ''));
}
