import { isConsistent } from '../tree/check-proofs.js';
import type { Checkpoint } from '../tree/checkpoint.js';
import { parseTlogProof } from '../tree/tlog-proof.js';
import { checkInclusion, hexOf, type EntryPlace, type InclusionCheck, type LogCrypto } from './check-inclusion.js';

// Imports no module of Node: a page checks entries too.

/** One check of an entry. Checks are made in order; the first that does not hold ends the verification. */
export interface EntryCheck {
  readonly check: 'entry hashes to its leaf' | 'proof is one, of this entry' | InclusionCheck | 'log has only grown';
  readonly holds: boolean;
}

/** A size and root that the reader has kept, and believes. */
export type KeptCheckpoint = Pick<Checkpoint, 'size' | 'root'>;

/** What an entry is checked with. */
export interface EntryEvidence extends EntryPlace {
  /** The stored bytes. */
  readonly entry: Uint8Array;
  /** A `.tlog-proof` (C2SP tlog-proof), with its checkpoint. */
  readonly proof: string;
  /** The last checkpoint of this log that the reader kept; undefined if there is none. */
  readonly kept?: KeptCheckpoint | undefined;
  /** Proof that the log of the checkpoint begins with the kept one (RFC 9162, section 2.1.4). */
  readonly growth: readonly Uint8Array[];
}

export interface EntryVerification {
  readonly verified: boolean;
  readonly checks: readonly EntryCheck[];
  /** The checkpoint to keep. Only if everything holds. */
  readonly checkpoint: KeptCheckpoint | undefined;
}

/**
 * Checks an entry offline: its leaf, the signature of the checkpoint, its inclusion, and that the log has only grown since the
 * checkpoint that the reader kept. Without a kept one there is nothing to compare, and the last check is left out. Never throws.
 */
export function checkEntry(evidence: EntryEvidence, crypto: LogCrypto): EntryVerification {
  const checks: EntryCheck[] = [];
  const holds = (check: EntryCheck['check'], result: boolean): boolean => {
    checks.push({ check, holds: result });
    return result;
  };
  const checkpoint = checkedAll(evidence, crypto, holds);
  return { verified: checkpoint !== undefined, checks, checkpoint };
}

function checkedAll(
  { entry, proof: text, kept, growth, ...place }: EntryEvidence,
  crypto: LogCrypto,
  holds: (check: EntryCheck['check'], result: boolean) => boolean,
): KeptCheckpoint | undefined {
  if (!holds('entry hashes to its leaf', hexOf(crypto.leafHash(entry)) === place.leafHash)) return undefined;
  const proof = parseTlogProof(text);
  if (!holds('proof is one, of this entry', proof?.index === place.index) || proof === undefined) return undefined;
  const checkpoint = checkInclusion(place, proof, crypto, holds);
  if (checkpoint === undefined) return undefined;
  const { size, root } = checkpoint;
  if (kept === undefined) return { size, root };
  const claim = { oldSize: kept.size, oldRoot: kept.root, newSize: size, newRoot: root, proof: growth };
  return holds('log has only grown', isConsistent(claim, crypto.nodeHash)) ? { size, root } : undefined;
}
