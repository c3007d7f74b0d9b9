import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { monthAfter, startOf, type Month } from './months.js';

/** The tables of a month. */
export function tablesOf(month: Month): { readonly entries: string; readonly subjects: string } {
  const suffix = month.replace('-', '_');
  return { entries: `audit_entry_${suffix}`, subjects: `audit_subject_${suffix}` };
}

/**
 * Locks the heads against appends. Appends lock them before the entries: a transaction that comes to the heads by way of a
 * foreign key of the entries would wait for an append that waits for it.
 */
export async function lockHeads(tx: SqlExecutor): Promise<void> {
  await tx.query('LOCK TABLE audit_head IN SHARE ROW EXCLUSIVE MODE');
}

/** Makes the two tables of a month, which belong to nothing yet. What an interrupted attempt left is made again. */
export async function makePair(tx: SqlExecutor, month: Month): Promise<void> {
  const { entries, subjects } = tablesOf(month);
  await tx.query(`DROP TABLE IF EXISTS ${subjects}, ${entries}`);
  await tx.query(`CREATE TABLE ${entries} (LIKE audit_entry INCLUDING ALL, ${ofMonth(month)})`);
  await tx.query(
    `CREATE TABLE ${subjects} (LIKE audit_subject INCLUDING ALL, ${ofMonth(month)},
       CONSTRAINT audit_subject_of_entry FOREIGN KEY (log_id, index, at) REFERENCES ${entries} (log_id, index, at))`,
  );
}

/** Makes the two tables of a month partitions. With the constraint, none of their rows is read. */
export async function attachPair(tx: SqlExecutor, month: Month): Promise<void> {
  const { entries, subjects } = tablesOf(month);
  for (const [parent, table] of [
    ['audit_entry', entries],
    ['audit_subject', subjects],
  ]) {
    await tx.query(
      `ALTER TABLE ${parent} ATTACH PARTITION ${table} FOR VALUES FROM ('${startOf(month)}') TO ('${startOf(monthAfter(month))}')`,
    );
    await tx.query(`ALTER TABLE ${table} DROP CONSTRAINT ${OF_MONTH}`);
  }
}

const OF_MONTH = 'is_of_month';

function ofMonth(month: Month): string {
  return `CONSTRAINT ${OF_MONTH} CHECK (at >= '${startOf(month)}'::timestamptz AND at < '${startOf(monthAfter(month))}'::timestamptz)`;
}
