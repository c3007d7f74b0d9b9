import pg from 'pg';
import { SqlFailure, type Sql, type SqlExecutor, type SqlResult } from '../../schemas/ports/sql.js';
import { toSqlFailure } from './sql-failures.js';
import type { ConnectionSettings } from './embedded/server.js';

export interface PoolOptions {
  /** A URL, or settings of the embedded server. */
  readonly connection: string | ConnectionSettings;
  readonly maxConnections?: number;
  /** Limit of one statement and of getting a connection, in milliseconds. */
  readonly timeoutMs?: number;
  readonly applicationName?: string;
}

/** A `Sql` that can be closed. */
export interface SqlPool extends Sql {
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_CONNECTIONS = 10;

/** PostgreSQL type ids (pg_type.oid) that must not become JavaScript numbers or dates. */
const TIMESTAMPTZ = 1184;
const AS_TEXT = new Set([20 /* int8 */, 1082 /* date */, 1114 /* timestamp */, 1700 /* numeric */]);

/** The state database through `pg`, by the contract of the port. */
export function createSql(options: PoolOptions): SqlPool {
  const pool = new pg.Pool(poolConfig(options));
  // An idle connection that breaks is replaced at the next use; no one is waiting for it.
  pool.on('error', () => undefined);
  return {
    query: (text, values) => withConnection(pool, (client) => run(client, text, values)),
    transaction: (work) => withConnection(pool, (client) => inTransaction(client, work)),
    close: () => pool.end(),
  };
}

function poolConfig({
  connection,
  maxConnections = DEFAULT_CONNECTIONS,
  timeoutMs = DEFAULT_TIMEOUT_MS,
  applicationName = 'tereze',
}: PoolOptions): pg.PoolConfig {
  return {
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    max: maxConnections,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    // Later than the server's own limit: it ends only what a dead connection keeps waiting.
    query_timeout: timeoutMs + 1_000,
    idle_in_transaction_session_timeout: timeoutMs * 2,
    application_name: applicationName,
    options: '-c timezone=UTC -c datestyle=ISO',
    types: { getTypeParser: parserOf as unknown as typeof pg.types.getTypeParser },
  };
}

function parserOf(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (AS_TEXT.has(oid)) return (text) => text;
  if (oid === TIMESTAMPTZ) return isoInstant;
  return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
}

/** `2026-11-23 10:00:00.5+00` as `2026-11-23T10:00:00.500Z`. */
function isoInstant(text: string): string {
  return new Date(`${text.replace(' ', 'T')}:00`).toISOString();
}

async function withConnection<T>(pool: pg.Pool, use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  let broken = false;
  // Without a listener, a connection that breaks between two statements would end the process.
  const onError = (): void => void (broken = true);
  client.on('error', onError);
  try {
    return await use(client);
  } catch (error) {
    broken ||= error instanceof SqlFailure && error.outcome === 'unknown';
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw new SqlFailure('the state database cannot be reached', { outcome: 'not_done', cause: error });
  }
}

async function run<Row>(client: pg.PoolClient, text: string, values: readonly unknown[] = []): Promise<SqlResult<Row>> {
  try {
    const answered = await client.query(text, [...values]);
    // A text of several statements (a migration) answers with one result for each.
    const { rows, rowCount } = Array.isArray(answered) ? (answered.at(-1) as pg.QueryResult) : answered;
    return { rows: rows as Row[], count: rowCount ?? rows.length };
  } catch (error) {
    throw toSqlFailure(error);
  }
}

async function inTransaction<T>(client: pg.PoolClient, work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
  await run(client, 'BEGIN');
  const result = await attempt(client, work);
  await run(client, 'COMMIT');
  return result;
}

async function attempt<T>(client: pg.PoolClient, work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
  try {
    return await work({ query: (text, values) => run(client, text, values) });
  } catch (error) {
    await run(client, 'ROLLBACK').catch(() => undefined);
    throw error;
  }
}
