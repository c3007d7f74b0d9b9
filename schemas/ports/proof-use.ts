/** A proof of possession, as the places know it that see that it is used once. Holds nothing of its caller. */
export interface ProofUse {
  /** SHA-256 of key thumbprint and proof id, hex. */
  readonly hash: string;
  /** Before this moment the proof was accepted nowhere. */
  readonly usableFrom: Date;
  /** May be forgotten after this moment. */
  readonly endsAt: Date;
}
