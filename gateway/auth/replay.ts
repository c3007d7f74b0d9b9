import { createHash } from 'node:crypto';
import { ProofUsedBefore } from '../../monitoring/audit/port.js';
import type { ProofUse } from '../../schemas/ports/proof-use.js';
import { Refusal } from '../../schemas/refusal.js';
import type { ProofEnd, RequestProof } from '../request-proof.js';
import type { DpopProof } from './dpop-proof.js';

/**
 * Proofs that were used, shared by all replicas.
 *
 * Contract: of all calls with one hash before its end, at most one resolves with `first`, whichever
 * replica it reaches; durable when it resolves. A proof that could be used before the database went back
 * in time and was accepted so resolves with `again`. Rejects when it cannot know: the caller then refuses.
 * Holds only what was given after its signature had been verified.
 *
 * A request that gets an entry uses its proof with that entry instead, in one statement (`AppendOptions.use`); the store
 * knows it as well.
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

/**
 * Uses the proof of a request that gets no entry of its own.
 *
 * @throws ProofReplayed if it was used before. Without the store it is not known, and the audit log is in the same
 * database: Refusal `AUDIT_UNAVAILABLE`.
 */
export async function useAlone(unspent: RequestProof, replay: ReplayStore): Promise<ProofEnd> {
  const { proof } = await unspent.spend(async (use) => {
    if (use === undefined) return;
    if ((await outcomeOf(replay, use)) === 'again') throw new ProofUsedBefore();
  });
  return proof;
}

async function outcomeOf(replay: ReplayStore, use: ProofUse): Promise<'first' | 'again'> {
  try {
    return await replay.use(use);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('AUDIT_UNAVAILABLE', { reasons: ['replay_store'], cause: error });
  }
}
