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

/** Resolves with the leaf hashes (hex) of these entries, by log. Those of archived entries are in the tiles. One
 * that is not there is absent. One statement. */
export async function readLeaves(
  sql: SqlExecutor,
  entries: readonly { readonly log: string; readonly index: number }[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql.query<{ readonly log_id: string; readonly leaf: string }>(
    `SELECT log_id, encode(leaf, 'hex') AS leaf FROM (
       SELECT asked.log_id, coalesce(entry.leaf_hash, substring(tile.hashes FROM (asked.index % 256 * 32 + 1)::int FOR 32)) AS leaf
       FROM unnest($1::text[], $2::bigint[]) AS asked (log_id, index) LEFT JOIN audit_entry AS entry USING (log_id, index)
       LEFT JOIN audit_tile AS tile ON tile.log_id = asked.log_id AND tile.level = 0 AND tile.number = asked.index / 256) AS known
     WHERE leaf IS NOT NULL`,
    [entries.map(({ log }) => log), entries.map(({ index }) => index)],
  );
  return new Map(rows.map(({ log_id: log, leaf }) => [log, leaf]));
}
