import { inBriefLocks } from '../../../schemas/brief-locks.js';
import type { Sql, SqlExecutor } from '../../../schemas/ports/sql.js';
import { attachPair, lockHeads, makePair, tablesOf } from './pairs.js';
import { monthAfter, startOf, type Month } from './months.js';

/** Resolves with the months of the entries in the default partition, in order. */
export async function monthsInDefault(owner: SqlExecutor): Promise<readonly Month[]> {
  const { rows } = await owner.query<{ month: string }>(
    `SELECT DISTINCT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') AS month FROM audit_entry_default WHERE isfinite(at) ORDER BY month`,
  );
  return rows.map(({ month }) => month);
}

/**
 * Moves the entries of these months, and the rows beside them, out of the default partition into partitions of their own.
 *
 * Stored rows never change, so they are copied while entries are appended to the default partition. Then, for a moment in
 * which nothing is appended, the few that came meanwhile are copied, and a new default partition takes the place of the
 * old one, which is dropped. If that fails, the copies are dropped by the next attempt.
 */
export async function emptyDefault(owner: Sql, months: readonly Month[]): Promise<void> {
  await owner.transaction(async (tx) => {
    // Entries and rows beside them are copied as they were at one moment.
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await tx.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    for (const month of months) {
      await makePair(tx, month);
      const { entries, subjects } = tablesOf(month);
      await tx.query(`INSERT INTO ${entries} SELECT * FROM audit_entry_default WHERE ${isWithin(month)}`);
      await tx.query(`INSERT INTO ${subjects} SELECT * FROM audit_subject_default WHERE ${isWithin(month)}`);
    }
  });
  await inBriefLocks(owner, async (tx) => {
    await lockHeads(tx);
    await tx.query('LOCK TABLE audit_entry, audit_subject IN ACCESS EXCLUSIVE MODE');
    for (const month of months) await copyLater(tx, month);
    await replaceDefault(tx, months);
  });
}

/** Copies what was appended since the first copy: entries of one log are committed in the order of their indexes. */
async function copyLater(tx: SqlExecutor, month: Month): Promise<void> {
  const { entries, subjects } = tablesOf(month);
  await tx.query(
    `CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT h.log_id,
       coalesce((SELECT max(e.index) FROM ${entries} e WHERE e.log_id = h.log_id), -1) AS index FROM audit_head h`,
  );
  for (const [table, from] of [
    [entries, 'audit_entry_default'],
    [subjects, 'audit_subject_default'],
  ])
    await tx.query(
      `INSERT INTO ${table} SELECT later.* FROM copied
       JOIN ${from} later ON later.log_id = copied.log_id AND later.index > copied.index WHERE ${isWithin(month)}`,
    );
  await tx.query('DROP TABLE copied');
}

async function replaceDefault(tx: SqlExecutor, months: readonly Month[]): Promise<void> {
  // Rows beside refer to entries: their table goes first.
  const tables = ['audit_subject', 'audit_entry'];
  for (const table of tables) {
    await tx.query(`ALTER TABLE ${table} DETACH PARTITION ${table}_default`);
    await tx.query(`ALTER TABLE ${table}_default RENAME TO ${table}_emptied`);
  }
  for (const month of months) await attachPair(tx, month);
  for (const table of [...tables].reverse()) {
    // Names of indexes and constraints of the old table are taken until it is dropped.
    await tx.query(`CREATE TABLE ${table}_default PARTITION OF ${table} DEFAULT`);
    for (const rest of restOf(months))
      await tx.query(`INSERT INTO ${table} SELECT * FROM ${table}_emptied WHERE ${rest}`);
  }
  for (const table of tables) await tx.query(`DROP TABLE ${table}_emptied`);
}

function isWithin(month: Month): string {
  return `at >= '${startOf(month)}' AND at < '${startOf(monthAfter(month))}'`;
}

/** Returns conditions for the times that are in none of these months: before, between and after them. */
function restOf(months: readonly Month[]): readonly string[] {
  const ends = months.map((month) => startOf(monthAfter(month)));
  return [
    `at < '${startOf(months[0] ?? '')}'`,
    ...months.slice(1).map((month, nth) => `at >= '${ends[nth]}' AND at < '${startOf(month)}'`),
    `at >= '${ends.at(-1)}'`,
  ];
}
