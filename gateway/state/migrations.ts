import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import { StateFailure } from './state-failure.js';

/** One file `NNN_name.sql` of a room; its name in the records is `<room>/<file>`. */
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
      .filter((file) => /^\d{3}_[a-z_]+\.sql$/.test(file))
      .sort()
      .map((file) => readMigration(`${room}/${file}`, join(folder, file)));
  });
}

function readMigration(name: string, path: string): Migration {
  const text = readFileSync(path, 'utf8');
  return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
}

/** Any constant that no one else locks: the ASCII codes of "tereze". */
const ADVISORY_LOCK = '127970051876453';

/**
 * Brings the schema up to date, as the owner: each migration once, in a transaction of its own,
 * one runner at a time. A migration that was applied and has changed since is refused, because
 * the database no longer is what the files say. Returns the names of those that ran.
 */
export async function migrate(owner: Sql, migrations: readonly Migration[]): Promise<readonly string[]> {
  await owner.query(
    'CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  await owner.query('GRANT SELECT ON schema_migration TO tereze_runtime');
  const ran: string[] = [];
  for (const migration of migrations) {
    if (await owner.transaction((tx) => apply(tx, migration))) ran.push(migration.name);
  }
  return ran;
}

async function apply(tx: SqlExecutor, migration: Migration): Promise<boolean> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
  if (isApplied(migration, await appliedSums(tx))) return false;
  try {
    await tx.query(migration.text);
  } catch (error) {
    throw new StateFailure('MIGRATION_FAILED', `migration ${migration.name} failed`, { cause: error });
  }
  await tx.query('INSERT INTO schema_migration (name, sha256) VALUES ($1, $2)', [migration.name, migration.sha256]);
  return true;
}

/** The names of migrations that the database has not seen; readable by the runtime role. */
export async function pendingMigrations(sql: Sql, migrations: readonly Migration[]): Promise<readonly string[]> {
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
