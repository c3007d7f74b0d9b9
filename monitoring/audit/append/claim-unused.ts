import type { Sql } from '../../../schemas/ports/sql.js';
import { HEAD_COLUMNS, headOf, type ClaimedHead, type HeadRow, type LeaseOptions } from './lease.js';

/**
 * Claims a log that has no entry, neither in this database nor among `used`, the one with the largest number, or the
 * one that this holder has claimed before. Replicas of a current database take the smallest numbers. So an entry about
 * a database that went back in time gets no position that another entry had. Resolves with undefined if there is none.
 */
export async function claimUnused(
  sql: Sql,
  { holder, name, leaseMs }: LeaseOptions,
  used: readonly string[],
): Promise<ClaimedHead | undefined> {
  const { rows } = await sql.query<HeadRow>(CLAIM, [holder, leaseMs, name, used]);
  const [row] = rows;
  return row === undefined ? undefined : headOf(row);
}

const CLAIM = `
  UPDATE audit_head SET epoch = epoch + 1, holder = $1, lease_expires_at = clock_timestamp() + $2 * interval '1 millisecond'
  WHERE log_id = (
    SELECT log_id FROM audit_head
    WHERE split_part(log_id, '/', 1) = $3 AND head_size IS NULL AND (holder = $1 OR size = 0 AND log_id <> ALL ($4::text[])
      AND (holder IS NULL OR lease_expires_at < clock_timestamp()))
    ORDER BY holder = $1 DESC NULLS LAST, split_part(log_id, '/', 2)::bigint DESC LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING ${HEAD_COLUMNS}`;
