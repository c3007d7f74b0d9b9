/** Randomness. Contract: cryptographically strong outside tests; tests pass a seeded one. */
export interface Random {
  /** `length` random bytes. */
  bytes(length: number): Buffer;
  /** A random UUID (version 4), lower case. */
  uuid(): string;
}
