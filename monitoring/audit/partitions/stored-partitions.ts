import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { monthAfter, monthOf, startOf, type Month } from './months.js';

/** A partition of the entries, and the times that it has. The rows beside have one for the same times. */
export interface Partition {
  /** What its name ends with, beside `audit_entry_` and `audit_subject_`: `2026_11`, or `before` for the first. */
  readonly name: string;
  /** Its earliest time, ISO 8601, UTC. Undefined: it has everything before `to`. */
  readonly from: string | undefined;
  /** The time from which on it has nothing. */
  readonly to: string;
}

interface PartitionRow {
  readonly name: string;
  readonly from_at: string | null;
  readonly to_at: string;
}

/** The literal of one end, as the session writes times: it is read again by the same session. */
const END = (word: 'FROM' | 'TO'): string =>
  `to_char(substring(bound FROM '${word} \\(''([^'']+)''\\)')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Resolves with the partitions of the audit log by time, without the default one; undefined if the log has none, because
 * the migrations that make them have not run. Any role may ask.
 */
export async function readPartitions(sql: SqlExecutor): Promise<readonly Partition[] | undefined> {
  const { rows: tables } = await sql.query<{ is_partitioned: boolean }>(
    `SELECT relkind = 'p' AS is_partitioned FROM pg_class WHERE oid = to_regclass('audit_entry')`,
  );
  if (tables[0]?.is_partitioned !== true) return undefined;
  const { rows } = await sql.query<PartitionRow>(
    `SELECT substr(relname, length('audit_entry_') + 1) AS name, ${END('FROM')} AS from_at, ${END('TO')} AS to_at
     FROM (SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = to_regclass('audit_entry')) AS partition
     WHERE bound <> 'DEFAULT' ORDER BY from_at NULLS FIRST`,
  );
  return rows.map(({ name, from_at: from, to_at: to }) => ({ name, from: from ?? undefined, to }));
}

/**
 * Resolves with what an unpartitioned log takes while its migrations to partitions are under way: entries until a time,
 * which migration 021 set as the constraint `audit_entry_until`. Appends fail from then on. Undefined before 021 and after 023.
 */
export async function readUnpartitionedEnd(sql: SqlExecutor): Promise<Partition | undefined> {
  const { rows } = await sql.query<{ to_at: string | null }>(
    `SELECT to_char(obj_description(oid, 'pg_constraint')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS to_at
     FROM pg_constraint WHERE conrelid = to_regclass('audit_entry') AND conname = 'audit_entry_until'`,
  );
  const to = rows[0]?.to_at ?? undefined;
  return to === undefined ? undefined : { name: 'before', from: undefined, to };
}

/** Returns whether a partition has all times of a month. */
export function hasMonth({ from, to }: Partition, month: Month): boolean {
  return (from === undefined || from <= startOf(month)) && startOf(monthAfter(month)) <= to;
}

/** Returns for how many months there are partitions without a gap, from that of `now` on. */
export function monthsAhead(partitions: readonly Partition[], now: Date): number {
  let months = 0;
  for (let month = monthOf(now); partitions.some((one) => hasMonth(one, month)); month = monthAfter(month)) months += 1;
  return months;
}
