import { readLeaves, readLogHeads, type LogHeadRow } from '../../../monitoring/audit/log-heads.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { Head, LogHead } from './head.js';

/** What the database lacks of a head, log by log. */
export interface Lost {
  readonly epoch: number;
  readonly headEpoch: number;
  /** Number of the newest restriction in the database, and in the head. */
  readonly restrictions: number;
  readonly headRestrictions: number;
  readonly logs: readonly LostLog[];
}

export interface LostLog {
  readonly log: string;
  /** Entries in the database. */
  readonly size: number;
  /** Entries that the head knows. */
  readonly headSize: number;
  /** The database has as many entries, but another one where the head's last entry stood. */
  readonly isOther: boolean;
}

/** The newest entry of a log is not in the database, nor in its tiles: it was taken away. */
export class LastEntryMissing extends Error {
  constructor(log: string) {
    super(`the last entry of ${log} is missing`);
    this.name = 'LastEntryMissing';
  }
}

/**
 * Reads what the database holds, as a head. Every number is of what has committed. Rejects with {@link LastEntryMissing}
 * where a log cannot be described.
 */
export async function readDatabaseHead(sql: SqlExecutor): Promise<Head> {
  const logs = await readLogHeads(sql);
  const { rows } = await sql.query<{
    readonly epoch: string;
    readonly number: string;
    readonly kept_from: string | null;
  }>(`SELECT epoch, number, (SELECT min(number) FROM restriction) AS kept_from FROM state_epoch, restriction_counter`);
  const [row] = rows;
  if (row === undefined) throw new Error('the state database has no epoch');
  const restrictions = Number(row.number);
  return {
    epoch: Number(row.epoch),
    logs: new Map(logs.map(whole)),
    // Only what a signer has checked is kept outside: the database could name any.
    checkpoints: new Map(),
    restrictions,
    epochStarts: new Map(),
    journalFrom: row.kept_from === null ? restrictions + 1 : Number(row.kept_from),
  };
}

function whole({ log, size, leaf }: LogHeadRow): readonly [string, LogHead] {
  if (leaf === '') throw new LastEntryMissing(log);
  return [log, { size, leaf }];
}

/**
 * Resolves with what the database lacks of a head, or with undefined if it holds all of it. A database of
 * a larger epoch was accepted after the head was written.
 */
export async function findLost(sql: SqlExecutor, database: Head, head: Head): Promise<Lost | undefined> {
  if (database.epoch > head.epoch) return undefined;
  const shorter = [...head.logs].flatMap(([log, { size: headSize }]): LostLog[] => {
    const size = database.logs.get(log)?.size ?? 0;
    return size < headSize ? [{ log, size, headSize, isOther: false }] : [];
  });
  const logs = [...shorter, ...(await findOther(sql, database, head))];
  if (database.epoch === head.epoch && database.restrictions >= head.restrictions && logs.length === 0)
    return undefined;
  return {
    epoch: database.epoch,
    headEpoch: head.epoch,
    restrictions: database.restrictions,
    headRestrictions: head.restrictions,
    logs,
  };
}

/** Logs that are long enough, but hold another entry where the head's last one stood. */
async function findOther(sql: SqlExecutor, database: Head, head: Head): Promise<readonly LostLog[]> {
  const longEnough = [...head.logs].filter(([log, { size }]) => (database.logs.get(log)?.size ?? 0) >= size);
  const grown = longEnough.filter(([log, { size }]) => database.logs.get(log)?.size !== size);
  const leaves =
    grown.length === 0
      ? new Map<string, string>()
      : await readLeaves(
          sql,
          grown.map(([log, { size }]) => ({ log, index: size - 1 })),
        );
  return longEnough.flatMap(([log, { size: headSize, leaf }]): LostLog[] => {
    const known = database.logs.get(log);
    const found = known?.size === headSize ? known.leaf : leaves.get(log);
    return found === leaf ? [] : [{ log, size: known?.size ?? 0, headSize, isOther: true }];
  });
}

/** Returns how many entries of the head the database lacks. A log with another entry counts as one more. */
export function lostEntries({ logs }: Lost): number {
  return logs.reduce((sum, { size, headSize, isOther }) => sum + (isOther ? 1 : headSize - size), 0);
}
