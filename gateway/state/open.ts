import { SqlFailure, type SqlExecutor } from '../../schemas/ports/sql.js';
import { assertClockAgrees } from './checks/clock.js';
import { attachEmbedded, startEmbedded, type ConnectionSettings } from './embedded/server.js';
import { grantedWrites } from './granted.js';
import { pendingMigrations, readMigrations } from './migrations.js';
import { migrateAsOwner } from './migrate-state.js';
import { createSql, type SqlPool } from './pool.js';
import { runtimeCheck, type RuntimeDemands } from './runtime-checks.js';
import { StateFailure } from './state-failure.js';
import type { StateOptions } from './state-options.js';
import { watchState, type Watch } from './watch.js';

/** The open state database. */
export interface State {
  /** As the runtime role. */
  readonly sql: SqlPool;
  /** The same, also while the database is not admitted: for what is taken and compared all the same. */
  readonly unanchored: SqlPool;
  /** The same as `sql` by connections of its own, so that officers who search take none of callers. */
  readonly officers: SqlPool;
  /** Opens connections beside those of `sql`, which are checked in the same way. The caller closes them. */
  openPool(maxConnections: number): SqlPool;
  /** Closes the pool and, where this process started or adopted the embedded server, ends it. */
  close(): Promise<void>;
}

const UNANCHORED_CONNECTIONS = 4;
const DEFAULT_DEMANDS: RuntimeDemands = { role: true, replicated: false };

/**
 * Opens the state for serving. The embedded server sets up its roles and schema by itself; on a
 * server of the installation's own, pending migrations are refused (`tereze db migrate` runs them).
 * What the database must be like is checked on every connection, now and whenever another one is opened.
 */
export async function openState(options: StateOptions): Promise<State> {
  const state =
    options.databaseUrl === undefined ? await openEmbedded(options) : await openExternal(options.databaseUrl, options);
  let watch: Watch | undefined;
  try {
    await assertClockAgrees(state.unanchored, options.clock).catch(asStateFailure);
    watch = watchState(state.sql, options.onRefused ?? (() => undefined));
    const { sql, unanchored, officers, openPool } = state;
    return { sql, unanchored, officers, openPool, close: () => (watch as Watch).stop().then(() => state.close()) };
  } catch (error) {
    await state.close();
    throw error;
  }
}

async function openEmbedded(options: StateOptions): Promise<State> {
  const { directory, onSupervised } = options;
  const server = await startEmbedded({ directory, ...(onSupervised === undefined ? {} : { onSupervised }) });
  try {
    await migrateAsOwner(server, options);
    const opened = servingState(server.runtime, options);
    return { ...opened, close: () => opened.close().finally(() => server.stop()) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function openExternal(url: string, options: StateOptions): Promise<State> {
  const pending = await pendingAt(url, options);
  if (pending.length > 0) {
    throw new StateFailure('MIGRATIONS_PENDING', `the state database lacks ${pending.join(', ')}`, {
      hint: 'Run `tereze db migrate` with DATABASE_ADMIN_URL set.',
    });
  }
  return servingState(url, options);
}

/** Asked before anything is checked: a database that was never migrated lacks more than the first check finds. */
async function pendingAt(url: string, { migrations }: StateOptions): Promise<readonly string[]> {
  const sql = createSql({ connection: url, maxConnections: 1 });
  try {
    return await pendingMigrations(sql, readMigrations(migrations));
  } finally {
    await sql.close();
  }
}

/**
 * Officers search a few times an hour. A connection of theirs is kept meanwhile, because a new one plans each search once more,
 * for the partitions of all months.
 */
const OFFICERS_IDLE_MS = 1_800_000;

/** The connections of a state. Those without admission are few: they carry no question. */
function servingState(
  connection: string | ConnectionSettings,
  { demands = DEFAULT_DEMANDS, migrations, onStandbys, admits, officerConnections }: StateOptions,
  maxConnections?: number,
): State {
  const check = runtimeCheck(demands, grantedWrites(readMigrations(migrations)), onStandbys);
  const limit = maxConnections === undefined ? {} : { maxConnections };
  const forOfficers = (sql: SqlPool, onConnect: (sql: SqlExecutor) => Promise<void>): SqlPool =>
    officerConnections === undefined
      ? sql
      : createSql({ connection, onConnect, maxConnections: officerConnections, idleMs: OFFICERS_IDLE_MS });
  if (admits === undefined) {
    const sql = createSql({ connection, onConnect: check, ...limit });
    const openPool = (most: number): SqlPool => createSql({ connection, onConnect: check, maxConnections: most });
    return closingTogether({ sql, unanchored: sql, officers: forOfficers(sql, check), openPool });
  }
  const onConnect = async (sql: SqlExecutor): Promise<void> => {
    await check(sql);
    await admits(sql);
  };
  const sql = createSql({ connection, onConnect, ...limit });
  const unanchored = createSql({ connection, onConnect: check, maxConnections: UNANCHORED_CONNECTIONS });
  const openPool = (most: number): SqlPool => createSql({ connection, onConnect, maxConnections: most });
  return closingTogether({ sql, unanchored, officers: forOfficers(sql, onConnect), openPool });
}

/** A state whose pools are closed together, each once. */
function closingTogether(pools: Omit<State, 'close'>): State {
  const each = [...new Set([pools.sql, pools.unanchored, pools.officers])];
  return {
    ...pools,
    close: async () => {
      const results = await Promise.allSettled(each.map((pool) => pool.close()));
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    },
  };
}

/** The failure of a check, rather than that of the statement for which a connection was opened. */
function asStateFailure(error: unknown): never {
  throw error instanceof SqlFailure && error.cause instanceof StateFailure ? error.cause : error;
}

/** Attaches a command to the state of a gateway that may be running beside it. It reads without any standby. */
export async function attachState(options: StateOptions): Promise<State> {
  const demands = { ...DEFAULT_DEMANDS, ...options.demands, replicated: false };
  if (options.databaseUrl !== undefined)
    return attached(await openExternal(options.databaseUrl, { ...options, demands }));
  const running = attachEmbedded(options.directory);
  if (running === undefined) {
    throw new StateFailure('NOT_RUNNING', `no state database runs in ${options.directory}`, {
      hint: 'Start the gateway first, or set DATABASE_URL.',
    });
  }
  return attached(servingState(running.runtime, { ...options, demands }, 2));
}

/** Reports now what is wrong with the database, rather than at the first statement. */
async function attached(state: State): Promise<State> {
  try {
    await state.sql.recheck().catch(asStateFailure);
    return state;
  } catch (error) {
    await state.close();
    throw error;
  }
}
