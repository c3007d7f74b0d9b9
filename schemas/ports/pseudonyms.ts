/**
 * Keyed replacements of personal identifiers.
 *
 * Contract: deterministic for one key; without the key neither direction can be computed; the key
 * is a secret of the installation (file or environment), at least 32 bytes.
 */
export interface Pseudonyms {
  /** Index token of a subject for columns in the state database (64 hex digits). Never leaves the gateway. */
  token(subject: string): string;
  /** What a receiver sees instead of a number: stable for (receiver, case), unlinkable across them. */
  pseudonym(subject: string, receiver: string, caseNumber: string): string;
}
