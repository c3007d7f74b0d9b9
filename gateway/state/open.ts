import type { Clock } from '../../schemas/ports/clock.js';
import { assertClockAgrees, assertDurable } from './checks.js';
import { attachEmbedded, startEmbedded } from './embedded/server.js';
import type { SupervisionEvent } from './embedded/supervise.js';
import { migrate, pendingMigrations, readMigrations } from './migrations.js';
import { createSql, type SqlPool } from './pool.js';
import { ensureEmbeddedRoles, ensureRuntimeMember } from './roles.js';
import { StateFailure } from './state-failure.js';

export interface StateOptions {
  /** A server of the installation's own; absent: the embedded one in `directory`. */
  readonly databaseUrl?: string | undefined;
  /** Its owner, only for `migrateState`. */
  readonly databaseAdminUrl?: string | undefined;
  readonly directory: string;
  /** Folders of migrations, in order. */
  readonly migrations: readonly string[];
  readonly clock: Clock;
  /** Told when the embedded server ended under this process, and of what became of it. */
  readonly onSupervised?: (event: SupervisionEvent) => void;
}

/** The open state database. */
export interface State {
  /** As the runtime role. */
  readonly sql: SqlPool;
  /** Closes the pool and, where this process started or adopted the embedded server, ends it. */
  close(): Promise<void>;
}

/**
 * Opens the state for serving. The embedded server sets up its roles and schema by itself; on a
 * server of the installation's own, pending migrations are refused (`tereze db migrate` runs them).
 */
export async function openState(options: StateOptions): Promise<State> {
  const state =
    options.databaseUrl === undefined ? await openEmbedded(options) : await openExternal(options.databaseUrl, options);
  try {
    await assertDurable(state.sql);
    await assertClockAgrees(state.sql, options.clock);
    return state;
  } catch (error) {
    await state.close();
    throw error;
  }
}

async function openEmbedded(options: StateOptions): Promise<State> {
  const { directory, onSupervised } = options;
  const server = await startEmbedded({ directory, ...(onSupervised === undefined ? {} : { onSupervised }) });
  try {
    const owner = createSql({ connection: server.owner, maxConnections: 1 });
    await ensureEmbeddedRoles(owner, server.runtime.password);
    await migrate(owner, readMigrations(options.migrations));
    await owner.close();
    const sql = createSql({ connection: server.runtime });
    return { sql, close: () => sql.close().finally(() => server.stop()) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function openExternal(url: string, options: StateOptions): Promise<State> {
  const sql = createSql({ connection: url });
  const pending = await pendingMigrations(sql, readMigrations(options.migrations)).catch(async (error: unknown) => {
    await sql.close();
    throw error;
  });
  if (pending.length === 0) return { sql, close: () => sql.close() };
  await sql.close();
  throw new StateFailure('MIGRATIONS_PENDING', `the state database lacks ${pending.join(', ')}`, {
    hint: 'Run `tereze db migrate` with DATABASE_ADMIN_URL set.',
  });
}

/** Attaches a command to the state of a gateway that may be running beside it. */
export async function attachState(options: StateOptions): Promise<State> {
  if (options.databaseUrl !== undefined) return openExternal(options.databaseUrl, options);
  const running = attachEmbedded(options.directory);
  if (running === undefined) {
    throw new StateFailure('NOT_RUNNING', `no state database runs in ${options.directory}`, {
      hint: 'Start the gateway first, or set DATABASE_URL.',
    });
  }
  const sql = createSql({ connection: running.runtime, maxConnections: 2 });
  return { sql, close: () => sql.close() };
}

/** Runs pending migrations as the owner and says which. */
export async function migrateState(options: StateOptions): Promise<readonly string[]> {
  if (options.databaseUrl === undefined) return migrateEmbedded(options);
  if (options.databaseAdminUrl === undefined) {
    throw new StateFailure('MIGRATION_FAILED', 'DATABASE_ADMIN_URL is not set', {
      hint: 'Migrations run as the owner of the schema, never as the runtime user.',
    });
  }
  const owner = createSql({ connection: options.databaseAdminUrl, maxConnections: 1 });
  try {
    await ensureRuntimeMember(owner, decodeURIComponent(new URL(options.databaseUrl).username));
    return await migrate(owner, readMigrations(options.migrations));
  } finally {
    await owner.close();
  }
}

async function migrateEmbedded(options: StateOptions): Promise<readonly string[]> {
  const running = attachEmbedded(options.directory);
  const server = running === undefined ? await startEmbedded({ directory: options.directory }) : undefined;
  const { owner, runtime } = running ?? (server as NonNullable<typeof server>);
  const sql = createSql({ connection: owner, maxConnections: 1 });
  try {
    await ensureEmbeddedRoles(sql, runtime.password);
    return await migrate(sql, readMigrations(options.migrations));
  } finally {
    await sql.close();
    await server?.stop();
  }
}
