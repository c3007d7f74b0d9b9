import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { readSignedLogs } from '../checkpoints/stored-checkpoints.js';
import { LOG_NAME } from '../log-name.js';
import { toBase64 } from '../tree/base64.js';
import { proveConsistency, proveInclusion } from '../tree/proofs.js';
import { storedTiles } from '../tree/stored-tree.js';
import { nodesFromTiles } from '../tree/tile-nodes.js';
import { formatTlogProof } from '../tree/tlog-proof.js';

/** With what a reader verifies an entry that they have. It holds hashes and signatures only. */
export interface LogEvidence {
  /** A `.tlog-proof` (C2SP tlog-proof) with the newest checkpoint. */
  readonly proof: string;
  /** Proof that the log of this checkpoint begins with the reader's; base64. Empty if both are of one size, or if the reader's is longer. */
  readonly growth: readonly string[];
}

export interface EvidenceWanted {
  readonly log: number;
  readonly index: number;
  /** Size of the checkpoint that the reader has kept; 0: none. */
  readonly oldSize: number;
}

/**
 * Resolves with the evidence for the entry at a position, or undefined if no signed checkpoint reaches it. Rejects with
 * `TreeDiffers` if the stored tree lacks what was signed. Whether the evidence proves anything, only the reader can tell.
 */
export async function readEvidence(
  sql: SqlExecutor,
  { log, index, oldSize }: EvidenceWanted,
): Promise<LogEvidence | undefined> {
  const logId = `${LOG_NAME}/${log}`;
  const checkpoint = (await readSignedLogs(sql)).find((one) => one.logId === logId)?.checkpoint;
  if (checkpoint === undefined || index >= checkpoint.size) return undefined;
  const { size, note } = checkpoint;
  const read = nodesFromTiles(storedTiles(sql, logId));
  const proof = await proveInclusion(read, { index, size });
  const growth = oldSize > size ? [] : await proveConsistency(read, { oldSize, newSize: size });
  return { proof: formatTlogProof({ index, proof, checkpoint: note }), growth: growth.map(toBase64) };
}
