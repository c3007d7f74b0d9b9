import { createHash } from 'node:crypto';
import type { DpopProof } from './dpop-proof.js';

/** A proof as the store knows it. */
export interface ProofUse {
  /** SHA-256 of key thumbprint and proof id, hex. */
  readonly hash: string;
  /** Before this moment the proof was accepted nowhere. */
  readonly usableFrom: Date;
  /** May be forgotten after this moment. */
  readonly endsAt: Date;
}

/**
 * Proofs that were used, shared by all replicas.
 *
 * Contract: of all calls with one hash before its end, at most one resolves with `first`, whichever
 * replica it reaches; durable when it resolves. A proof that could be used before the database went back
 * in time and was accepted so resolves with `again`. Rejects when it cannot know: the caller then refuses.
 * Holds only what was given after its signature had been verified.
 */
export interface ReplayStore {
  use(proof: ProofUse): Promise<'first' | 'again'>;
}

/** Two clocks of replicas may differ by this much, and the proof must still be known. */
const KEPT_LONGER_MS = 60_000;

/** The same proof id under two keys is two proofs. */
export function proofUse({ keyThumbprint, id, usableFrom, endsAt }: DpopProof): ProofUse {
  const hash = createHash('sha256').update(`${keyThumbprint}.${id}`).digest('hex');
  return { hash, usableFrom, endsAt: new Date(endsAt.getTime() + KEPT_LONGER_MS) };
}
