/**
 * Keyed replacements of personal identifiers.
 *
 * Contract: deterministic for one key; without the key neither direction can be computed; the key
 * is a secret of the installation (file or environment), at least 32 bytes.
 */
export interface Pseudonyms extends IndexTokens {
  /** Token of a subject for columns of consents and handles in the state database (64 hex digits). Never leaves the gateway. */
  token(subject: string): string;
  /** What a receiver sees instead of a number: stable for (receiver, case), unlinkable across them. */
  pseudonym(subject: string, receiver: string, caseNumber: string): string;
}

/**
 * Index tokens: by them a search finds the entries of the audit log about a person.
 *
 * Contract: an installation has one or more live keys of index tokens. The newest makes the token of every new entry. Who
 * searches asks for the tokens of all live keys: entries written under an earlier one are found by its token alone. So a key
 * stays live as long as the log has entries that were written under it.
 */
export interface IndexTokens {
  /** Index token of a subject under the newest key: 16 bytes, as 32 lower-case hex digits. Never leaves the gateway. */
  indexToken(subject: string): string;
  /** Index tokens of a subject under every live key, newest first, each once. */
  indexTokens(subject: string): readonly string[];
}
