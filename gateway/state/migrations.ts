import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import { inBriefLocks, isLocked, WITHOUT_LIMITS } from '../../schemas/brief-locks.js';
import { buildIndex, isConcurrent } from './concurrent-index.js';
import { quotedIdentifier } from './identifier.js';
import { RUNTIME_ROLE } from './runtime-role.js';
import { StateFailure } from './state-failure.js';

/**
 * One file `NNN_name.sql` of a room; its name in the records is `<room>/<file>`. A file `NNN_name.concurrent.sql` is one
 * statement that builds an index while others write to its table.
 */
export interface Migration {
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

/** Rooms' migrations in the order of the folders given, each folder's by file name. */
export function readMigrations(folders: readonly string[]): readonly Migration[] {
  return folders.flatMap((folder) => {
    const room = basename(join(folder, '..'));
    return readdirSync(folder)
      .filter((file) => /^\d{3}_[a-z_]+(\.concurrent)?\.sql$/.test(file))
      .sort()
      .map((file) => readMigration(`${room}/${file}`, join(folder, file)));
  });
}

function readMigration(name: string, path: string): Migration {
  const text = readFileSync(path, 'utf8');
  return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
}

/**
 * Locks a constant that no one else locks: the ASCII codes of "tereze". It is part of the text, because a statement with
 * parameters keeps its snapshot until the next one (PostgreSQL manual, section 55.2.3), and the building of an index would
 * wait for that for ever.
 */
const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock(127970051876453) AS free';
const LOOK_AGAIN_MS = 100;

/**
 * Brings the schema up to date, as the owner: each migration once, in a transaction of its own, one runner at a time. The
 * migrations grant to `group` what their files grant to `tereze_runtime`. A migration that was applied and has changed
 * since is refused, because the database no longer is what the files say. `afterwards` runs as part of it, each time. Returns
 * the names of those that ran.
 */
export async function migrate(
  owner: Sql,
  migrations: readonly Migration[],
  group: string = RUNTIME_ROLE,
  afterwards: (owner: Sql) => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  return asOnlyRunner(owner, async () => {
    await owner.query(
      'CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    await owner.query(`GRANT SELECT ON schema_migration TO ${quotedIdentifier(group)}`);
    const sums = await appliedSums(owner);
    const ran = migrations.filter((migration) => !isApplied(migration, sums));
    for (const migration of ran) await apply(owner, migration, group);
    await afterwards(owner);
    return ran.map(({ name }) => name);
  });
}

/**
 * Runs `work` while a transaction on a second connection holds the lock. Others look again until it is free: a statement
 * that waits for a lock has a snapshot, and the building of an index waits for older snapshots.
 */
async function asOnlyRunner<T>(owner: Sql, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const attempt = await owner.transaction(async (tx) => {
      await tx.query(WITHOUT_LIMITS);
      const { rows } = await tx.query<{ free: boolean }>(TRY_LOCK);
      return rows[0]?.free ? { result: await work() } : undefined;
    });
    if (attempt !== undefined) return attempt.result;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function apply(owner: Sql, migration: Migration, group: string): Promise<void> {
  try {
    if (isConcurrent(migration.name)) {
      await buildIndex(owner, migration.text);
      await record(owner, migration);
    } else {
      await inBriefLocks(owner, async (tx) => {
        await tx.query(forGroup(migration.text, group));
        await record(tx, migration);
      });
    }
  } catch (error) {
    throw failed(migration, error);
  }
}

function failed({ name }: Migration, cause: unknown): StateFailure {
  if (isLocked(cause)) {
    return new StateFailure('MIGRATION_FAILED', `migration ${name} did not get a table that another session holds`, {
      hint: 'Nothing of it was done. Run `tereze db migrate` again when that session has ended (a backup, for example).',
      cause,
    });
  }
  return new StateFailure('MIGRATION_FAILED', `migration ${name} failed`, { cause });
}

async function record(sql: SqlExecutor, { name, sha256 }: Migration): Promise<void> {
  await sql.query('INSERT INTO schema_migration (name, sha256) VALUES ($1, $2)', [name, sha256]);
}

/** The files name one group. Where the installation gives it another name, their statements do, too; their sums stay. */
function forGroup(text: string, group: string): string {
  return text.replaceAll(new RegExp(`\\b${RUNTIME_ROLE}\\b`, 'g'), () => quotedIdentifier(group));
}

/** The names of migrations that the database has not seen; readable by the runtime role. */
export async function pendingMigrations(
  sql: SqlExecutor,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const { rows } = await sql.query<{ known: boolean }>(`SELECT to_regclass('schema_migration') IS NOT NULL AS known`);
  const sums = rows[0]?.known ? await appliedSums(sql) : new Map<string, string>();
  return migrations.filter((migration) => !isApplied(migration, sums)).map(({ name }) => name);
}

async function appliedSums(sql: SqlExecutor): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM schema_migration');
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}

function isApplied({ name, sha256 }: Migration, sums: ReadonlyMap<string, string>): boolean {
  const known = sums.get(name);
  if (known === undefined) return false;
  if (known !== sha256) {
    throw new StateFailure('MIGRATION_CHANGED', `migration ${name} was changed after it was applied`, {
      hint: 'Restore the file; changes go into a new migration.',
    });
  }
  return true;
}
