import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { numberOfLog } from '../log-name.js';

/** A log that has grown since its last checkpoint, or whose last checkpoint is not signed yet. */
export interface GrownLog {
  readonly logId: string;
  /** Size and root of its committed head. */
  readonly size: number;
  readonly root: Buffer;
  readonly last: LastCheckpoint | undefined;
}

export interface LastCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  readonly isSigned: boolean;
}

interface GrownRow {
  readonly log_id: string;
  readonly size: string;
  readonly root: Buffer;
  readonly last_size: string | null;
  readonly last_root: Buffer | null;
  readonly is_signed: boolean | null;
}

/**
 * Resolves with the open logs that need a checkpoint: those that grew, with the last one at least `everyMs` milliseconds
 * ago. A log whose tree is not complete yet is left out.
 */
export async function readGrownLogs(sql: SqlExecutor, everyMs: number): Promise<readonly GrownLog[]> {
  const { rows } = await sql.query<GrownRow>(
    `SELECT head.log_id, head.size, head.root, last.size AS last_size, last.root AS last_root, last.note IS NOT NULL AS is_signed
     FROM audit_head AS head LEFT JOIN LATERAL (
       SELECT size, root, note, at FROM audit_checkpoint WHERE log_id = head.log_id ORDER BY size DESC LIMIT 1) AS last ON true
     WHERE head.tree_size = head.size AND head.head_size IS NULL
       AND (last.size IS NULL OR last.note IS NULL
         OR (head.size > last.size AND last.at <= clock_timestamp() - $1 * interval '1 millisecond'))
     ORDER BY head.log_id`,
    [everyMs],
  );
  return rows.map(({ log_id: logId, size, root, last_size: lastSize, last_root: lastRoot, is_signed: isSigned }) => ({
    logId,
    size: Number(size),
    root,
    last:
      lastSize === null || lastRoot === null
        ? undefined
        : { size: Number(lastSize), root: lastRoot, isSigned: isSigned === true },
  }));
}

/** Resolves with the names of the open logs that have entries which no signed checkpoint holds. */
export async function readUncoveredLogs(sql: SqlExecutor): Promise<readonly string[]> {
  const { rows } = await sql.query<{ readonly log_id: string }>(
    `SELECT head.log_id FROM audit_head AS head
     WHERE head.head_size IS NULL AND head.size > coalesce((
       SELECT max(size) FROM audit_checkpoint WHERE log_id = head.log_id AND note IS NOT NULL), 0)`,
  );
  return rows.map(({ log_id: log }) => log);
}

/** A log that has entries, with its newest signed checkpoint. */
export interface SignedLog {
  readonly logId: string;
  /** Size and root that were signed; undefined if no checkpoint of the log was signed yet. */
  readonly checkpoint: { readonly size: number; readonly root: Buffer; readonly note: string } | undefined;
}

interface SignedRow {
  readonly log_id: string;
  readonly size: string | null;
  readonly root: Buffer | null;
  readonly note: string | null;
}

/** Resolves with every log that has entries, and its newest signed checkpoint, by number. */
export async function readSignedLogs(sql: SqlExecutor): Promise<readonly SignedLog[]> {
  const { rows } = await sql.query<SignedRow>(
    `SELECT head.log_id, last.size, last.root, last.note
     FROM audit_head AS head LEFT JOIN LATERAL (
       SELECT size, root, note FROM audit_checkpoint
       WHERE log_id = head.log_id AND note IS NOT NULL ORDER BY size DESC LIMIT 1) AS last ON true
     WHERE head.size > 0`,
  );
  return rows
    .map(({ log_id: logId, size, root, note }): SignedLog => {
      const isSigned = size !== null && root !== null && note !== null;
      return { logId, checkpoint: isSigned ? { size: Number(size), root, note } : undefined };
    })
    .sort((one, other) => numberOfLog(one.logId) - numberOfLog(other.logId));
}

/** The claim by which this process signs. */
export interface SignerClaim {
  readonly epoch: string;
}

/** Claims or keeps the right to sign. Resolves with undefined if another process has it. */
export async function claimSigner(
  sql: SqlExecutor,
  { holder, leaseMs }: { readonly holder: string; readonly leaseMs: number },
): Promise<SignerClaim | undefined> {
  const { rows } = await sql.query<SignerClaim>(
    `UPDATE audit_signer SET epoch = epoch + (holder IS DISTINCT FROM $1)::int, holder = $1,
       expires_at = clock_timestamp() + $2 * interval '1 millisecond'
     WHERE holder IS NULL OR holder = $1 OR expires_at < clock_timestamp() RETURNING epoch`,
    [holder, leaseMs],
  );
  return rows[0];
}

/** Gives the right to sign back. */
export async function releaseSigner(sql: SqlExecutor, holder: string): Promise<void> {
  await sql.query('UPDATE audit_signer SET holder = NULL, expires_at = NULL WHERE holder = $1', [holder]);
}

/**
 * Stores what is about to be signed. Resolves with false, and stores nothing, if another process signs, if the log was
 * closed, or if the last checkpoint is another one.
 */
export async function reserveCheckpoint(
  sql: SqlExecutor,
  { epoch }: SignerClaim,
  { logId, size, root, last }: GrownLog,
): Promise<boolean> {
  const { count } = await sql.query(
    `WITH signer AS MATERIALIZED (SELECT FROM audit_signer WHERE epoch = $1 FOR UPDATE)
     INSERT INTO audit_checkpoint (log_id, size, root)
     SELECT head.log_id, $3, $4 FROM audit_head AS head
     WHERE head.log_id = $2 AND head.head_size IS NULL AND head.tree_size >= $3 AND EXISTS (SELECT FROM signer)
       AND coalesce((SELECT max(size) FROM audit_checkpoint WHERE log_id = $2), 0) = $5`,
    [epoch, logId, size, root, last?.size ?? 0],
  );
  return count === 1;
}

/** Stores the note of a reserved checkpoint. What is there already stays: the same text, signed by another replica. */
export async function storeNote(
  sql: SqlExecutor,
  { logId, size, note }: { readonly logId: string; readonly size: number; readonly note: string },
): Promise<void> {
  await sql.query('UPDATE audit_checkpoint SET note = $3 WHERE log_id = $1 AND size = $2 AND note IS NULL', [
    logId,
    size,
    note,
  ]);
}
