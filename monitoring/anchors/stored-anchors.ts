import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { AnchorKind, SignedCheckpoint } from './anchor.js';

/** Claims or keeps the right to ask those outside. Resolves with whether this process has it. */
export async function claimAnchoring(
  sql: SqlExecutor,
  { holder, leaseMs }: { readonly holder: string; readonly leaseMs: number },
): Promise<boolean> {
  const { count } = await sql.query(
    `UPDATE audit_anchor_lease SET holder = $1, expires_at = clock_timestamp() + $2 * interval '1 millisecond'
     WHERE holder IS NULL OR holder = $1 OR expires_at < clock_timestamp()`,
    [holder, leaseMs],
  );
  return count === 1;
}

/** Gives that right back. */
export async function releaseAnchoring(sql: SqlExecutor, holder: string): Promise<void> {
  await sql.query('UPDATE audit_anchor_lease SET holder = NULL, expires_at = NULL WHERE holder = $1', [holder]);
}

interface CheckpointRow {
  readonly log_id: string;
  readonly size: string;
  readonly note: string;
}

function checkpointOf({ log_id: logId, size, note }: CheckpointRow): SignedCheckpoint {
  return { logId, size: Number(size), note };
}

/** Resolves with the last signed checkpoint of each log of which an anchor has no proof yet. */
export async function readUnproven(sql: SqlExecutor, anchor: string): Promise<readonly SignedCheckpoint[]> {
  const { rows } = await sql.query<CheckpointRow>(
    `SELECT last.log_id, last.size, last.note FROM audit_head AS head CROSS JOIN LATERAL (
       SELECT log_id, size, note FROM audit_checkpoint
       WHERE log_id = head.log_id AND note IS NOT NULL ORDER BY size DESC LIMIT 1) AS last
     WHERE NOT EXISTS (SELECT FROM audit_anchor WHERE log_id = last.log_id AND name = $1 AND size >= last.size)
     ORDER BY last.log_id`,
    [anchor],
  );
  return rows.map(checkpointOf);
}

/** A proof as it is stored. */
export interface StoredProof {
  readonly checkpoint: SignedCheckpoint;
  readonly name: string;
  readonly kind: AnchorKind;
  readonly proof: Uint8Array;
}

/** Stores a proof. One that is there already stays: of two replicas that asked, the first. */
export async function storeProof(sql: SqlExecutor, { checkpoint, name, kind, proof }: StoredProof): Promise<void> {
  await sql.query(
    'INSERT INTO audit_anchor (log_id, size, name, kind, proof) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [checkpoint.logId, checkpoint.size, name, kind, Buffer.from(proof)],
  );
}

/** Where a proof is stored. */
export interface ProofPlace {
  readonly logId: string;
  readonly size: number;
  readonly name: string;
}

interface PlaceRow {
  readonly log_id: string;
  readonly size: string;
  readonly name: string;
}

/** Resolves with the places of the newest proofs of each log, up to `each` of every anchor that is named, newest first. */
export async function readNewestPlaces(
  sql: SqlExecutor,
  names: readonly string[],
  each: number,
): Promise<readonly ProofPlace[]> {
  const { rows } = await sql.query<PlaceRow>(
    `SELECT newest.log_id, newest.size, newest.name
     FROM audit_head AS head CROSS JOIN unnest($2::text[]) AS anchor (name) CROSS JOIN LATERAL (
       SELECT log_id, size, name FROM audit_anchor
       WHERE log_id = head.log_id AND name = anchor.name ORDER BY size DESC LIMIT $1) AS newest
     ORDER BY newest.size DESC, newest.log_id, newest.name`,
    [each, names],
  );
  return rows.map(({ log_id: logId, size, name }) => ({ logId, size: Number(size), name }));
}

interface ProofRow extends PlaceRow {
  readonly kind: AnchorKind;
  readonly proof: Buffer;
  readonly note: string | null;
}

/** A stored proof. Without `checkpoint`, no signed checkpoint is there that it could prove. */
export type ReadProof = Omit<StoredProof, 'checkpoint'> &
  ProofPlace & { readonly checkpoint: SignedCheckpoint | undefined };

function proofOf({ log_id: logId, size: sizeText, name, kind, proof, note }: ProofRow): ReadProof {
  const size = Number(sizeText);
  return { logId, size, name, kind, proof, checkpoint: note === null ? undefined : { logId, size, note } };
}

const PROOFS = `SELECT a.log_id, a.size, a.name, a.kind, a.proof, c.note
  FROM audit_anchor AS a LEFT JOIN audit_checkpoint AS c USING (log_id, size)`;

/** Resolves with the proof at a place, or undefined. */
export async function readProof(sql: SqlExecutor, { logId, size, name }: ProofPlace): Promise<ReadProof | undefined> {
  const { rows } = await sql.query<ProofRow>(`${PROOFS} WHERE a.log_id = $1 AND a.size = $2 AND a.name = $3`, [
    logId,
    size,
    name,
  ]);
  return rows[0] && proofOf(rows[0]);
}

/** Proofs that one statement reads. */
const PAGE = 200;

/** Yields the proofs of a log for checkpoints of sizes from `from` up to `to`, both included, by size and name. */
export async function* readProofs(
  sql: SqlExecutor,
  logId: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<ReadProof> {
  let after: { readonly size: number; readonly name: string } = { size: from, name: '' };
  for (;;) {
    const { rows } = await sql.query<ProofRow>(
      `${PROOFS} WHERE a.log_id = $1 AND (a.size, a.name) > ($2, $3) AND a.size <= $4 ORDER BY a.size, a.name LIMIT ${PAGE}`,
      [logId, after.size, after.name, to],
    );
    for (const row of rows) yield proofOf(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { size: Number(last.size), name: last.name };
  }
}

/** Resolves with size and root of the checkpoints of these sizes, both included, that someone outside proved, by rising size. */
export async function readProvenRoots(
  sql: SqlExecutor,
  logId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly { readonly size: number; readonly root: Uint8Array }[]> {
  const { rows } = await sql.query<{ readonly size: string; readonly root: Buffer }>(
    `SELECT size, root FROM audit_checkpoint AS c WHERE log_id = $1 AND size BETWEEN $2 AND $3
       AND EXISTS (SELECT FROM audit_anchor AS a WHERE a.log_id = c.log_id AND a.size = c.size) ORDER BY size`,
    [logId, from, to],
  );
  return rows.map(({ size, root }) => ({ size: Number(size), root }));
}
