import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { leafHash } from '../canonical.js';
import { isIncluded } from '../tree/check-proofs.js';
import { nodeHash } from '../tree/hashes.js';
import { proveInclusion } from '../tree/proofs.js';
import { storedTiles, TreeDiffers } from '../tree/stored-tree.js';
import { nodesFromTiles } from '../tree/tile-nodes.js';
import { formatTlogProof } from '../tree/tlog-proof.js';
import type { StoredEntry } from '../stored-entry.js';
import { ExportDiffers, type LogToExport } from './export-log.js';

/**
 * Resolves with the proof that an entry is in the tree of a checkpoint (C2SP tlog-proof, with the checkpoint in it);
 * undefined if the checkpoint does not reach the entry. Rejects with {@link ExportDiffers} if the entry or the stored tree is not
 * what was signed.
 */
export async function proveEntry(
  sql: SqlExecutor,
  { logId, checkpoint: { size, root, note } }: LogToExport,
  { index, bytes }: Pick<StoredEntry, 'index' | 'bytes'>,
): Promise<string | undefined> {
  if (index >= size) return undefined;
  const proof = await proveInclusion(nodesFromTiles(storedTiles(sql, logId)), { index, size }).catch(
    (error: unknown) => {
      throw error instanceof TreeDiffers ? new ExportDiffers(logId) : error;
    },
  );
  if (!isIncluded({ leaf: leafHash(bytes), index, size, root, proof }, nodeHash)) throw new ExportDiffers(logId);
  return formatTlogProof({ index, proof, checkpoint: note });
}
