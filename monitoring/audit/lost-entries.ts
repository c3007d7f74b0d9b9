import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { ClosedLog } from './entries/state.js';
import { STORED_ENTRY, storedEntry, type EntryRow } from './stored-entry.js';

/** A part of a log that was lost when the database went back in time, and the entry that says so. */
export interface LostEntries extends ClosedLog {
  /** The place of the entry of kind `state`. */
  readonly entry: { readonly log: string; readonly index: number };
}

interface ClosedRow extends EntryRow {
  readonly closed_log: string;
  readonly closed_index: string;
}

/**
 * Resolves with the lost part of a log to which this position belongs, or with undefined. Believes only
 * an entry of the log that is unchanged and names this log with its sizes.
 */
export async function findLostEntries(sql: SqlExecutor, log: string, index: number): Promise<LostEntries | undefined> {
  const { rows } = await sql.query<ClosedRow>(
    `SELECT h.closed_log, h.closed_index, ${STORED_ENTRY}
     FROM audit_head h JOIN audit_entry e ON e.log_id = h.closed_log AND e.index = h.closed_index
     WHERE h.log_id = $1 AND $2 >= h.size AND $2 < h.head_size`,
    [log, index],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { body, intact } = storedEntry(row);
  if (!intact || body.kind !== 'state') return undefined;
  const closed = body.closedLogs.find((one) => one.log === log && index >= one.size && index < one.headSize);
  return closed && { ...closed, entry: { log: row.closed_log, index: Number(row.closed_index) } };
}
