import type { Sql } from '../../schemas/ports/sql.js';
import type { LogPosition } from './append.js';

export interface LeaseOptions {
  /** Identifies this process among replicas: a random id, not an address. */
  readonly holder: string;
  /** Name of the logs: `tereze` gives `tereze/0`, `tereze/1`, ... */
  readonly name: string;
  /** Logs in the pool. */
  readonly poolSize: number;
  readonly leaseMs: number;
}

/**
 * Claims a free log of the pool: one that nobody holds, that this holder had, or whose lease has
 * ended by the database's clock. Raises its epoch, which fences whoever held it before. Undefined
 * when all are held.
 */
export async function claimLog(sql: Sql, { holder, name, poolSize, leaseMs }: LeaseOptions): Promise<LogPosition | undefined> {
  const logs = Array.from({ length: poolSize }, (_, number) => `${name}/${number}`);
  await sql.query('INSERT INTO audit_head (log_id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [logs]);
  const { rows } = await sql.query<{ log_id: string; epoch: string; size: string }>(
    `UPDATE audit_head SET epoch = epoch + 1, holder = $1, lease_expires_at = clock_timestamp() + $2 * interval '1 millisecond'
     WHERE log_id = (
       SELECT log_id FROM audit_head
       WHERE log_id = ANY ($3) AND (holder IS NULL OR holder = $1 OR lease_expires_at < clock_timestamp())
       ORDER BY holder = $1 DESC NULLS LAST, log_id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING log_id, epoch, size`,
    [holder, leaseMs, logs],
  );
  const [row] = rows;
  return row === undefined ? undefined : { logId: row.log_id, epoch: row.epoch, size: Number(row.size) };
}

/** Extends the lease; false when another holds the log by now. */
export async function renewLease(sql: Sql, { logId, epoch }: LogPosition, leaseMs: number): Promise<boolean> {
  const { count } = await sql.query(
    `UPDATE audit_head SET lease_expires_at = clock_timestamp() + $3 * interval '1 millisecond' WHERE log_id = $1 AND epoch = $2`,
    [logId, epoch, leaseMs],
  );
  return count === 1;
}

/** Gives the log back. */
export async function releaseLease(sql: Sql, { logId, epoch }: LogPosition): Promise<void> {
  await sql.query('UPDATE audit_head SET holder = NULL, lease_expires_at = NULL WHERE log_id = $1 AND epoch = $2', [logId, epoch]);
}
