import { createHash } from 'node:crypto';

/** What makes two consents the same. */
export interface ConsentTerms {
  /** Keyed token of the person. */
  readonly subjectToken: string;
  readonly agency: string;
  readonly purpose: string;
  /** Empty: any case. */
  readonly caseNumber: string;
  /** Sorted, each once. */
  readonly categories: readonly string[];
}

/** Where version and variant stand in the hexadecimal digits of a UUID (RFC 9562, section 4). */
const VERSION = 12;
const VARIANT = 16;

/**
 * Returns the id of a consent: a UUID of version 8 (RFC 9562, section 5.8) over its terms. It is the same
 * if the database goes back in time and the consent is given once more, so that a withdrawal in the
 * journal finds it in every history of the database. Without the key of the token it tells no person.
 */
export function consentIdOf({ subjectToken, agency, purpose, caseNumber, categories }: ConsentTerms): string {
  const terms = JSON.stringify([subjectToken, agency, purpose, caseNumber, categories]);
  const hash = createHash('sha256').update(terms).digest('hex').slice(0, 32);
  const variant = '89ab'[Number.parseInt(hash.charAt(VARIANT), 16) % 4] ?? '8';
  const hex = `${hash.slice(0, VERSION)}8${hash.slice(VERSION + 1, VARIANT)}${variant}${hash.slice(VARIANT + 1)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
