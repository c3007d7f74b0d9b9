import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { RemovedRows } from '../entries.js';
import { readPartitions } from '../partitions/stored-partitions.js';
import { lockHeads } from '../partitions/pairs.js';
import { ArchiveRefused, type LogToArchive } from './log-to-archive.js';

/**
 * Removes entries before a time and the rows beside them, in the transaction of the caller: partitions of months that are
 * over are dropped, rows of others deleted. What is still needed stays: acts that explain what is missing, and of each log
 * the entries from `below` on, where a bundle of 256 begins, so that an export has whole bundles. Resolves with what was removed, by log: `below` also names what was removed before. Rejects
 * with `ArchiveRefused` if a log has later entries of these times than were archived.
 */
export async function removeEntries(
  tx: SqlExecutor,
  before: string,
  logs: readonly LogToArchive[],
): Promise<readonly RemovedRows[]> {
  await tx.query('SET LOCAL lock_timeout = 400');
  await tx.query(
    `CREATE TEMPORARY TABLE archived_log ON COMMIT DROP AS
     SELECT archived.log_id, archived.to_index, greatest(archived.from_index, least(archived.to_index / 256 * 256, ${NEEDED})) AS below
     FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS archived (log_id, to_index, from_index) JOIN audit_head head USING (log_id)`,
    [logs.map(({ logId }) => logId), logs.map(({ to }) => to), logs.map(({ from }) => from)],
  );
  const { rows: later } = await tx.query<{ log_id: string }>(
    `SELECT e.log_id FROM audit_entry e LEFT JOIN archived_log a USING (log_id)
     WHERE e.at < $1 AND e.kind NOT IN ('retention', 'state') AND (a.log_id IS NULL OR e.index >= a.to_index) LIMIT 1`,
    [before],
  );
  if (later[0] !== undefined)
    throw new ArchiveRefused('later_entries', `entries of these months were added to ${later[0].log_id} meanwhile`);
  const { rows } = await tx.query<{ log_id: string; below: string; count: string }>(
    `SELECT a.log_id, a.below, (SELECT count(*) FROM audit_entry e WHERE ${isRemoved('e')}) AS count
     FROM archived_log a ORDER BY a.log_id`,
    [before],
  );
  await dropPartitions(tx, before);
  for (const table of ['audit_subject', 'audit_entry'])
    await tx.query(
      `DELETE FROM ${table} gone USING audit_entry e, archived_log a WHERE ${isRowOf('gone')} AND ${isRemoved('e')}`,
      [before],
    );
  return rows.map(({ log_id: log, below, count }) => ({ log, below: Number(below), count: Number(count) }));
}

/** The first entry that the tree and the head of a log need: the last one, and all whose hashes are in no full tile. */
const NEEDED = 'greatest(0, (head.size - 1) / 256 * 256)';

function isRemoved(entry: string): string {
  return `${entry}.log_id = a.log_id AND ${entry}.index < a.below AND ${entry}.at < $1 AND ${entry}.kind NOT IN ('retention', 'state')`;
}

function isRowOf(row: string): string {
  return `${row}.at = e.at AND ${row}.log_id = e.log_id AND ${row}.index = e.index`;
}

/** Drops the partitions that have earlier times only. Their rows that stay go into the default partition. */
async function dropPartitions(tx: SqlExecutor, before: string): Promise<void> {
  const partitions = ((await readPartitions(tx)) ?? []).filter(({ to }) => to <= before);
  if (partitions.length === 0) return;
  await lockHeads(tx);
  await tx.query('LOCK TABLE audit_entry, audit_subject IN ACCESS EXCLUSIVE MODE');
  await tx.query(
    `CREATE TEMPORARY TABLE kept_entry ON COMMIT DROP AS
     SELECT e.* FROM audit_entry e WHERE e.at < $1 AND NOT EXISTS (SELECT FROM archived_log a WHERE ${isRemoved('e')})`,
    [partitions.at(-1)?.to],
  );
  await tx.query(
    `CREATE TEMPORARY TABLE kept_subject ON COMMIT DROP AS SELECT s.* FROM audit_subject s JOIN kept_entry e ON ${isRowOf('s')}`,
  );
  for (const { name } of partitions) await tx.query(`DROP TABLE audit_subject_${name}, audit_entry_${name}`);
  // Those of partitions that stay are there already.
  await tx.query('INSERT INTO audit_entry SELECT * FROM kept_entry ON CONFLICT DO NOTHING');
  await tx.query('INSERT INTO audit_subject SELECT * FROM kept_subject ON CONFLICT DO NOTHING');
}
