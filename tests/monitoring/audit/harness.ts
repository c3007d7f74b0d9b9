import type { ClaimGuard } from '../../../monitoring/audit/port.js';
import { PostgresLog, type PostgresLogOptions } from '../../../monitoring/audit/append/postgres-log.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { seededRandom, silentObserver, standingClock } from '../../doubles.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';

export const MIGRATIONS = 'monitoring/migrations';

/** Empties the log between tests: cheaper than a database for each. */
export async function emptyLog({ ownerSql }: TestDatabase): Promise<void> {
  await ownerSql.query('TRUNCATE audit_entry, audit_subject, audit_tile, audit_checkpoint, audit_anchor');
  await changeHeads(
    ownerSql,
    `size = 0, epoch = 0, closed_through = 0, holder = NULL, lease_expires_at = NULL,
       tree_size = NULL, frontier = NULL, root = NULL`,
  );
}

/** Makes the logs those of a release that knew no tree. */
export async function forgetTrees({ ownerSql }: TestDatabase): Promise<void> {
  await ownerSql.query('TRUNCATE audit_tile');
  await changeHeads(ownerSql, 'tree_size = NULL, frontier = NULL, root = NULL');
}

async function changeHeads(ownerSql: TestDatabase['ownerSql'], change: string): Promise<void> {
  await ownerSql.query('ALTER TABLE audit_head DISABLE TRIGGER audit_head_forward');
  await ownerSql.query(`UPDATE audit_head SET ${change}`);
  await ownerSql.query('ALTER TABLE audit_head ENABLE TRIGGER audit_head_forward');
}

export const openDatabase = (): Promise<TestDatabase> => openTestDatabase({ migrations: [MIGRATIONS] });

export const everythingCurrent: ClaimGuard = async () => [];

/** A log of a replica named `holder`, in a pool of one unless said otherwise. */
export function openLog(
  sql: Sql,
  holder = 'replica-1',
  changes: Partial<PostgresLogOptions> & { readonly poolSize?: number; readonly leaseMs?: number } = {},
): Promise<PostgresLog> {
  const { poolSize = 1, leaseMs = 60_000, ...options } = changes;
  return PostgresLog.open({
    sql,
    clock: standingClock(),
    random: seededRandom(),
    observer: silentObserver(),
    lease: { holder, name: 'tereze', poolSize, leaseMs },
    commitMs: 10_000,
    maxWaiting: 4_096,
    maxBatch: 200,
    guard: everythingCurrent,
    ...options,
  });
}

export interface StoredRow {
  readonly log_id: string;
  readonly index: string;
  readonly kind: string;
  readonly request_id: string;
  readonly outcome: string | null;
  readonly entry: Buffer;
  readonly leaf_hash: Buffer;
}

export async function storedRows(sql: Sql): Promise<readonly StoredRow[]> {
  return (
    await sql.query<StoredRow>(
      'SELECT log_id, index, kind, request_id, outcome, entry, leaf_hash FROM audit_entry ORDER BY log_id, index',
    )
  ).rows;
}

/** `kind request outcome` of each entry, for reading at a glance. */
export async function storedTale(sql: Sql): Promise<readonly string[]> {
  return (await storedRows(sql)).map(({ kind, request_id, outcome }) =>
    [kind, request_id, outcome].filter((part) => part !== null).join(' '),
  );
}
