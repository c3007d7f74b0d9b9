import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { WriteFile } from '../audit/export/write-tiles.js';
import { readProofs } from './stored-anchors.js';

/** A stored proof proves no stored checkpoint. */
export class ProofOfNothing extends Error {
  constructor(log: string, size: number, name: string) {
    super(`the proof of ${name} at ${size} of ${log} proves no checkpoint that is stored`);
    this.name = 'ProofOfNothing';
  }
}

const ENDINGS = { timestamp: 'tsr', witness: 'cosigned' } as const;

/**
 * Writes the proofs of a log for checkpoints of up to `size` entries, each beside the checkpoint that it proves:
 *
 * - `anchors/SIZE.checkpoint`: the signed checkpoint, byte for byte;
 * - `anchors/SIZE.NAME.tsr`: the answer of a time-stamp authority (RFC 3161, TimeStampResp) over these bytes;
 * - `anchors/SIZE.NAME.cosigned`: the checkpoint with the cosignatures of witnesses.
 *
 * Resolves with the number of proofs. Rejects with {@link ProofOfNothing}.
 */
export async function writeProofs(
  sql: SqlExecutor,
  { logId, size }: { readonly logId: string; readonly size: number },
  write: WriteFile,
): Promise<number> {
  let proofs = 0;
  let written = 0;
  for await (const stored of readProofs(sql, logId, { from: 1, to: size })) {
    const { checkpoint, name, kind, proof } = stored;
    if (checkpoint === undefined) throw new ProofOfNothing(logId, stored.size, name);
    if (checkpoint.size !== written) await write(`anchors/${checkpoint.size}.checkpoint`, Buffer.from(checkpoint.note));
    written = checkpoint.size;
    await write(`anchors/${checkpoint.size}.${name}.${ENDINGS[kind]}`, proof);
    proofs += 1;
  }
  return proofs;
}
