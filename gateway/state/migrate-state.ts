import { keepPartitions } from '../../monitoring/audit/partitions/keep-partitions.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import { attachEmbedded, startEmbedded, type ConnectionSettings, type EmbeddedServer } from './embedded/server.js';
import { migrate, readMigrations } from './migrations.js';
import { createSql, type SqlPool } from './pool.js';
import { ensureEmbeddedRoles, ensureRuntimeMember } from './roles.js';
import { RUNTIME_ROLE } from './runtime-role.js';
import { setRoleDefaults } from './session-settings.js';
import { StateFailure } from './state-failure.js';
import type { StateOptions } from './state-options.js';

/** What was done to a schema. */
export interface MigratedState {
  /** Migrations that ran. */
  readonly ran: readonly string[];
  /** Months (`2026-11`) for which the audit log got partitions. */
  readonly months: readonly string[];
}

/** Runs pending migrations as the owner, and makes the partitions of the audit log for the next months. */
export async function migrateState(options: StateOptions): Promise<MigratedState> {
  if (options.databaseUrl === undefined) return migrateEmbedded(options);
  if (options.databaseAdminUrl === undefined) {
    throw new StateFailure('MIGRATION_FAILED', 'DATABASE_ADMIN_URL is not set', {
      hint: 'Migrations run as the owner of the schema, never as the runtime user.',
    });
  }
  const group = options.runtimeRole ?? RUNTIME_ROLE;
  const owner = openOwnerSql(options.databaseAdminUrl);
  try {
    await ensureRuntimeMember(owner, decodeURIComponent(new URL(options.databaseUrl).username), group);
    const migrated = await migrateWithPartitions(owner, options, group);
    await setDefaultsOf(options.databaseUrl);
    return migrated;
  } finally {
    await owner.close();
  }
}

async function migrateEmbedded(options: StateOptions): Promise<MigratedState> {
  const running = attachEmbedded(options.directory);
  const server = running === undefined ? await startEmbedded({ directory: options.directory }) : undefined;
  try {
    return await migrateAsOwner(running ?? (server as EmbeddedServer), options);
  } finally {
    await server?.stop();
  }
}

/** Sets up roles and schema of an embedded server. */
export async function migrateAsOwner(
  { owner, runtime }: Pick<EmbeddedServer, 'owner' | 'runtime'>,
  { migrations }: Pick<StateOptions, 'migrations'>,
): Promise<MigratedState> {
  const sql = openOwnerSql(owner);
  try {
    await ensureEmbeddedRoles(sql, runtime.password);
    const migrated = await migrateWithPartitions(sql, { migrations });
    await setDefaultsOf(runtime);
    return migrated;
  } finally {
    await sql.close();
  }
}

async function migrateWithPartitions(
  owner: Sql,
  { migrations }: Pick<StateOptions, 'migrations'>,
  group?: string,
): Promise<MigratedState> {
  let months: MigratedState['months'] = [];
  const ran = await migrate(owner, readMigrations(migrations), group, async (sql) => {
    const { rows } = await sql.query<{ now: string }>('SELECT now() AS now');
    months = await keepPartitions(sql, new Date(rows[0]?.now ?? ''));
  });
  return { ran, months };
}

/** A role may set its own defaults, so this needs no right that the owner could lack. */
async function setDefaultsOf(runtime: string | ConnectionSettings): Promise<void> {
  const sql = createSql({ connection: runtime, maxConnections: 1 });
  try {
    await setRoleDefaults(sql);
  } finally {
    await sql.close();
  }
}

/**
 * Opens the state as its owner. Its statements may take as long as they need: an index over a million entries is one
 * statement. Two connections, because `migrate` holds its lock on one and works on the other.
 */
export function openOwnerSql(connection: string | ConnectionSettings): SqlPool {
  return createSql({ connection, maxConnections: 2, limitMs: 'none', onConnect: withoutLimits });
}

async function withoutLimits(sql: SqlExecutor): Promise<void> {
  await sql.query(
    `SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET timezone = 'UTC'; SET datestyle = 'ISO'`,
  );
}
