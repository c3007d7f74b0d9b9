import pg from 'pg';
import { SqlFailure, type Sql, type SqlExecutor } from '../../schemas/ports/sql.js';
import { Connection } from './connection.js';
import type { ConnectionSettings } from './embedded/server.js';
import type { KeptSession } from './kept-session.js';
import { PreparedNames } from './prepared-names.js';
import { STATEMENT_LIMIT_MS } from './session-settings.js';

export interface PoolOptions {
  /** A URL, or settings of the embedded server. */
  readonly connection: string | ConnectionSettings;
  readonly maxConnections?: number;
  /** Time after which a connection that nothing uses is closed, in milliseconds. Default: 10,000. */
  readonly idleMs?: number;
  /**
   * Time after which the caller of a statement no longer waits, in milliseconds; `none` for the owner's long statements.
   * Default: a second more than the server's own limit, so that it ends only what a dead connection keeps waiting.
   */
  readonly limitMs?: number | 'none';
  readonly applicationName?: string;
  /**
   * Runs on each connection before its first use, and again after any connection of the pool was lost: behind a pooler a
   * connection can lead to another server than before. If it rejects, the connection is closed and its user fails.
   */
  readonly onConnect?: (sql: SqlExecutor) => Promise<void>;
}

/** A `Sql` that can be closed. */
export interface SqlPool extends Sql {
  /** Runs `onConnect` on a connection. If it rejects, it runs on every other connection too, before its next use. */
  recheck(): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_CONNECTIONS = 10;
const DEFAULT_IDLE_MS = 10_000;
const CONNECT_LIMIT_MS = 5_000;
/** Time for which a connection is kept that waits for an answer although its caller does not, in milliseconds. */
const UNANSWERED_LIMIT_MS = 60_000;

/** PostgreSQL type ids (pg_type.oid) that must not become JavaScript numbers or dates. */
const TIMESTAMPTZ = 1184;
const AS_TEXT = new Set([20 /* int8 */, 1082 /* date */, 1114 /* timestamp */, 1700 /* numeric */]);

/**
 * The state database through `pg`, by the contract of the port. Nothing is asked for in the startup packet that a pooler
 * refuses or ignores, and no session keeps anything between two transactions: time limits come from the
 * defaults of the role (session-settings.ts). Only a connection that surely leads to one server process keeps prepared
 * statements, and is told how to plan.
 */
export function createSql(options: PoolOptions): SqlPool {
  const connections = new Connections(options);
  return {
    query: (text, values, options) => connections.use((connection) => connection.query(text, values, options)),
    transaction: (work) => connections.use((connection) => connection.transaction(work)),
    recheck: () => connections.recheck(),
    close: () => connections.close(),
  };
}

class Connections {
  readonly #pool: pg.Pool;
  readonly #options: PoolOptions;
  /** The losses that the pool had seen when `onConnect` ran on a connection. */
  readonly #checkedAt = new WeakMap<pg.PoolClient, number>();
  /** The session of each connection that leads to the server process that it was opened with, and to no other. */
  readonly #sessions = new WeakMap<pg.PoolClient, KeptSession | undefined>();
  readonly #prepared = new PreparedNames();
  readonly #kept = new Set<() => void>();
  #losses = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#pool = new pg.Pool(poolConfig(options));
    // An idle connection that breaks is replaced at the next use; no one is waiting for it.
    this.#pool.on('error', () => this.#lose());
  }

  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    const connection = new Connection(client, this.#limitMs);
    try {
      await this.#check(client, connection);
      const session = await this.#sessionOf(client, connection);
      if (session !== undefined) connection.keep(session);
      return await work(connection);
    } finally {
      this.#release(client, connection);
    }
  }

  async recheck(): Promise<void> {
    await this.use(async (connection) => this.#options.onConnect?.(connection)).catch((error: unknown) => {
      this.#lose();
      throw error;
    });
  }

  async close(): Promise<void> {
    const closed = this.#pool.end();
    for (const giveUp of this.#kept) giveUp();
    await closed;
  }

  get #limitMs(): number | undefined {
    const { limitMs = STATEMENT_LIMIT_MS + 1_000 } = this.#options;
    return limitMs === 'none' ? undefined : limitMs;
  }

  #lose(): void {
    this.#losses += 1;
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      this.#lose();
      throw new SqlFailure('the state database cannot be reached', { outcome: 'not_done', cause: error });
    }
  }

  /** Returns the session of a connection, undefined if it may be another one at the next statement. Asked once for each connection. */
  async #sessionOf(client: pg.PoolClient, connection: Connection): Promise<KeptSession | undefined> {
    if (this.#sessions.has(client)) return this.#sessions.get(client);
    const session: KeptSession | undefined = (await this.#leadsToOneProcess(client, connection))
      ? { names: this.#prepared, plans: 'for_these_values' }
      : undefined;
    this.#sessions.set(client, session);
    return session;
  }

  /**
   * Returns whether a connection leads to one server process. A pooler that hands server processes around names itself
   * in the startup of a connection, not the process that answers.
   */
  async #leadsToOneProcess(client: pg.PoolClient, connection: Connection): Promise<boolean> {
    // The embedded server has no pooler before it.
    if (typeof this.#options.connection !== 'string') return true;
    return (await answeringProcess(connection)) === startedBy(client);
  }

  async #check(client: pg.PoolClient, connection: Connection): Promise<void> {
    const losses = this.#losses;
    if (this.#options.onConnect === undefined || this.#checkedAt.get(client) === losses) return;
    this.#checkedAt.delete(client);
    try {
      await this.#options.onConnect(connection);
    } catch (error) {
      throw new SqlFailure('the state database was refused', { outcome: 'not_done', cause: error });
    }
    this.#checkedAt.set(client, losses);
  }

  /** A connection that failed its check is ended as well: another one may lead to a better server. */
  #release(client: pg.PoolClient, connection: Connection): void {
    const isChecked = this.#options.onConnect === undefined || this.#checkedAt.has(client);
    if (connection.isBroken) this.#lose();
    if (connection.unanswered !== undefined) {
      this.#keep(client, connection, connection.unanswered);
      return;
    }
    connection.detach();
    client.release(connection.isBroken || !isChecked);
  }

  /** Holds a connection's place until the server has answered, so that commits that hang never are more than the pool. */
  #keep(client: pg.PoolClient, connection: Connection, answered: Promise<unknown>): void {
    const end = (): void => {
      if (!this.#kept.delete(end)) return;
      clearTimeout(timer);
      connection.detach();
      client.release(true);
    };
    const timer = setTimeout(end, UNANSWERED_LIMIT_MS).unref();
    this.#kept.add(end);
    void answered.then(end);
  }
}

/** The process id that the server named in the startup of a connection (`BackendKeyData`), undefined if it named none. */
function startedBy(client: pg.PoolClient): number | null | undefined {
  return (client as pg.PoolClient & { readonly processID?: number | null }).processID;
}

async function answeringProcess(connection: Connection): Promise<number | undefined> {
  try {
    const { rows } = await connection.query<{ readonly pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0]?.pid;
  } catch (error) {
    throw new SqlFailure('the state database cannot be reached', { outcome: 'not_done', cause: error });
  }
}

function poolConfig({
  connection,
  maxConnections = DEFAULT_CONNECTIONS,
  idleMs = DEFAULT_IDLE_MS,
  applicationName = 'tereze',
}: PoolOptions): pg.PoolConfig {
  return {
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    max: maxConnections,
    idleTimeoutMillis: idleMs,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    application_name: applicationName,
    keepAlive: true,
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
  const isWholeHour = /[+-]\d\d$/.test(text);
  return new Date(`${text.replace(' ', 'T')}${isWholeHour ? ':00' : ''}`).toISOString();
}
