import type { SqlExecutor } from '../../schemas/ports/sql.js';

/** The newest committed entry of one log. */
export interface LogHeadRow {
  readonly log: string;
  readonly size: number;
  /** Leaf hash of the last entry, hex. Empty if the entry is not there. */
  readonly leaf: string;
}

/** Resolves with the size of every log that has entries, and the leaf hash of its last entry. One statement. */
export async function readLogHeads(sql: SqlExecutor): Promise<readonly LogHeadRow[]> {
  const { rows } = await sql.query<{ readonly log_id: string; readonly size: string; readonly leaf: string }>(
    `SELECT head.log_id, head.size, coalesce(encode(entry.leaf_hash, 'hex'), '') AS leaf
     FROM audit_head AS head LEFT JOIN audit_entry AS entry ON entry.log_id = head.log_id AND entry.index = head.size - 1
     WHERE head.size > 0`,
  );
  return rows.map(({ log_id: log, size, leaf }) => ({ log, size: Number(size), leaf }));
}

/** Resolves with the leaf hashes (hex) of these entries, by log. An entry that is not there is absent. One statement. */
export async function readLeaves(
  sql: SqlExecutor,
  entries: readonly { readonly log: string; readonly index: number }[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql.query<{ readonly log_id: string; readonly leaf: string }>(
    `SELECT entry.log_id, encode(entry.leaf_hash, 'hex') AS leaf
     FROM unnest($1::text[], $2::bigint[]) AS asked (log_id, index) JOIN audit_entry AS entry USING (log_id, index)`,
    [entries.map(({ log }) => log), entries.map(({ index }) => index)],
  );
  return new Map(rows.map(({ log_id: log, leaf }) => [log, leaf]));
}
