import type { Sql } from '../../../schemas/ports/sql.js';
import type { LogTree } from '../tree/log-tree.js';
import type { ClaimedTreeHead } from '../tree/stored-tree.js';

export interface LeaseOptions {
  /** Identifies this process among replicas: a random id, not an address. */
  readonly holder: string;
  /** Name of the logs: `tereze` gives `tereze/0`, `tereze/1`, ... */
  readonly name: string;
  /** Number of logs in the pool. There are 256 open ones. */
  readonly poolSize: number;
  readonly leaseMs: number;
  /** Given: instead of the pool, only logs that have no entry and are not among these are claimed. */
  readonly unusedBut?: (() => readonly string[]) | undefined;
}

/** A log, and the claim by which it is leased. */
export interface Claim {
  readonly logId: string;
  /** Every claim raises it. */
  readonly epoch: string;
}

/** What the head of a log says at the time of the claim. */
export type ClaimedHead = Claim & ClaimedTreeHead;

/** A log that can be appended to. */
export interface ClaimedLog extends Claim {
  /** Entries in the log. */
  readonly size: number;
  /** The tree of these entries. */
  readonly tree: LogTree;
}

/**
 * Claims a log to append to: one that this holder had, else the first that is free or whose lease has
 * ended by the database's clock. Raises the epoch of the log, which fences the holder before. Resolves
 * with undefined if every log is leased. A log of `except` is left alone.
 */
export function claimLog(
  sql: Sql,
  options: LeaseOptions,
  except: readonly string[] = [],
): Promise<ClaimedHead | undefined> {
  return claim(sql, CLAIM, options, except);
}

/**
 * Claims a log, other than `except`, that no process appends to any more and that may hold open
 * intents. Resolves with undefined if there is none.
 */
export function claimAbandoned(sql: Sql, options: LeaseOptions, except: string): Promise<ClaimedHead | undefined> {
  return claim(sql, CLAIM_ABANDONED, options, except);
}

/** What a claim returns of a head. */
export const HEAD_COLUMNS = `log_id, epoch, size, coalesce(tree_size, 0) AS tree_size, coalesce(frontier, '') AS frontier`;

/**
 * `SKIP LOCKED`: two replicas that claim at the same time take two logs, and neither waits. The pool is
 * the open logs with the smallest numbers. A closed log is never claimed to append to it.
 */
const claimWhere = (condition: string): string => `
  UPDATE audit_head SET epoch = epoch + 1, holder = $1, lease_expires_at = clock_timestamp() + $2 * interval '1 millisecond'
  WHERE log_id = (
    SELECT log_id FROM audit_head
    WHERE (holder IS NULL OR holder = $1 OR lease_expires_at < clock_timestamp()) AND ${condition}
    ORDER BY holder = $1 DESC NULLS LAST, split_part(log_id, '/', 2)::bigint LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING ${HEAD_COLUMNS}`;

const IN_POOL = `log_id IN (
  SELECT log_id FROM audit_head WHERE split_part(log_id, '/', 1) = $3 AND head_size IS NULL
  ORDER BY split_part(log_id, '/', 2)::bigint LIMIT $4)`;

const CLAIM = claimWhere(`head_size IS NULL AND log_id <> ALL ($5::text[]) AND ${IN_POOL}`);
/** Intents of a closed log can be open, too: their completions go into another log. */
const CLAIM_ABANDONED = claimWhere(`closed_through < size AND log_id <> $5 AND (head_size IS NOT NULL OR ${IN_POOL})`);

/** A row of {@link HEAD_COLUMNS}. */
export interface HeadRow {
  readonly log_id: string;
  readonly epoch: string;
  readonly size: string;
  readonly tree_size: string;
  readonly frontier: Buffer;
}

export function headOf(row: HeadRow): ClaimedHead {
  return {
    logId: row.log_id,
    epoch: row.epoch,
    size: Number(row.size),
    treeSize: Number(row.tree_size),
    frontier: row.frontier,
  };
}

async function claim(
  sql: Sql,
  statement: string,
  { holder, name, poolSize, leaseMs }: LeaseOptions,
  ...rest: readonly unknown[]
): Promise<ClaimedHead | undefined> {
  const { rows } = await sql.query<HeadRow>(statement, [holder, leaseMs, name, poolSize, ...rest]);
  const [row] = rows;
  return row === undefined ? undefined : headOf(row);
}

/** Extends the lease. Resolves with false if another process has leased the log meanwhile. */
export async function renewLease(sql: Sql, { logId, epoch }: Claim, leaseMs: number): Promise<boolean> {
  const { count } = await sql.query(
    `UPDATE audit_head SET lease_expires_at = clock_timestamp() + $3 * interval '1 millisecond' WHERE log_id = $1 AND epoch = $2`,
    [logId, epoch, leaseMs],
  );
  return count === 1;
}

/** Ends the lease. */
export async function releaseLease(sql: Sql, { logId, epoch }: Claim): Promise<void> {
  await sql.query('UPDATE audit_head SET holder = NULL, lease_expires_at = NULL WHERE log_id = $1 AND epoch = $2', [
    logId,
    epoch,
  ]);
}
