import { PREPARED, type SqlExecutor } from '../../schemas/ports/sql.js';
import { STORED_ENTRY, storedEntry, type EntryRow, type StoredEntry } from '../audit/stored-entry.js';

/** The claim by which this process feeds a sink. */
export interface SinkClaim {
  readonly epoch: string;
}

/** Claims or keeps the right to feed a sink. Resolves with undefined if another process has it, or if the sink is not named any more. */
export async function claimSink(
  sql: SqlExecutor,
  sink: string,
  { holder, leaseMs }: { readonly holder: string; readonly leaseMs: number },
): Promise<SinkClaim | undefined> {
  const { rows } = await sql.query<SinkClaim>(
    `UPDATE audit_sink SET epoch = epoch + (holder IS DISTINCT FROM $2)::int, holder = $2,
       expires_at = clock_timestamp() + $3 * interval '1 millisecond'
     WHERE name = $1 AND is_named AND (holder IS NULL OR holder = $2 OR expires_at < clock_timestamp()) RETURNING epoch`,
    [sink, holder, leaseMs],
  );
  return rows[0];
}

/** Gives the right to feed a sink back. */
export async function releaseSink(sql: SqlExecutor, sink: string, holder: string): Promise<void> {
  await sql.query('UPDATE audit_sink SET holder = NULL, expires_at = NULL WHERE name = $1 AND holder = $2', [
    sink,
    holder,
  ]);
}

/** A log with entries that a sink does not have. */
export interface PendingLog {
  readonly log: string;
  /** The first of them. */
  readonly next: number;
  readonly size: number;
}

/** Resolves with the logs that have entries beyond what a sink acknowledged, by name. */
export async function readPending(sql: SqlExecutor, sink: string): Promise<readonly PendingLog[]> {
  const { rows } = await sql.query<{ readonly log_id: string; readonly next: string; readonly size: string }>(
    `SELECT head.log_id, coalesce(cursor.next_index, 0) AS next, head.size
     FROM audit_head AS head LEFT JOIN audit_sink_cursor AS cursor ON cursor.log_id = head.log_id AND cursor.sink = $1
     WHERE head.size > coalesce(cursor.next_index, 0) ORDER BY head.log_id`,
    [sink],
  );
  return rows.map(({ log_id: log, next, size }) => ({ log, next: Number(next), size: Number(size) }));
}

/** Resolves with the entries of a log from one position up to another, in order. */
export async function readEntries(
  sql: SqlExecutor,
  { log, from, to }: { readonly log: string; readonly from: number; readonly to: number },
): Promise<readonly StoredEntry[]> {
  const { rows } = await sql.query<EntryRow>(
    `SELECT ${STORED_ENTRY} FROM audit_entry e WHERE e.log_id = $1 AND e.index >= $2 AND e.index < $3 ORDER BY e.index`,
    [log, from, to],
    PREPARED,
  );
  return rows.map(storedEntry);
}

/** Moves the place of a sink in a log. Changes nothing, and resolves with false, if another process feeds it now, or moved it. */
export async function moveCursor(
  sql: SqlExecutor,
  sink: string,
  { epoch }: SinkClaim,
  { log, from, to }: { readonly log: string; readonly from: number; readonly to: number },
): Promise<boolean> {
  const { count } = await sql.query(
    `INSERT INTO audit_sink_cursor AS cursor (sink, log_id, next_index)
     SELECT $1, $2, $4::bigint WHERE EXISTS (SELECT FROM audit_sink WHERE name = $1 AND epoch = $5::bigint)
     ON CONFLICT (sink, log_id) DO UPDATE SET next_index = EXCLUDED.next_index WHERE cursor.next_index = $3::bigint`,
    [sink, log, from, to, epoch],
  );
  return count === 1;
}

/** Resolves with the time of the oldest entry that a sink has not acknowledged, in ISO 8601; undefined if it has all. */
export async function readOldestPending(sql: SqlExecutor, sink: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ readonly oldest: string | null }>(
    `SELECT min(entry.at) AS oldest
     FROM audit_head AS head LEFT JOIN audit_sink_cursor AS cursor ON cursor.log_id = head.log_id AND cursor.sink = $1
     CROSS JOIN LATERAL (SELECT at FROM audit_entry
       WHERE log_id = head.log_id AND index >= coalesce(cursor.next_index, 0) ORDER BY index LIMIT 1) AS entry
     WHERE head.size > coalesce(cursor.next_index, 0)`,
    [sink],
  );
  return rows[0]?.oldest ?? undefined;
}
