import pg from 'pg';
import type { Clock } from '../../schemas/ports/clock.js';
import { codeOf } from '../../schemas/error-code.js';
import { RegisterFailure } from '../port.js';
import { AnswerSize } from './answer-size.js';
import { cancelStatement } from './cancel-statement.js';
import { failureKindOf } from './failure-kind.js';

export interface SqlReaderOptions {
  readonly register: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Authority (PEM) of the server's certificate: TLS, or no connection. Undefined: without TLS. */
  readonly tlsCa?: string | undefined;
  readonly maxConnections: number;
  /** Largest answer to one statement, as it comes on the wire. */
  readonly maxResponseBytes: number;
  /** Limit of one statement on the server, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * Reads from a register's PostgreSQL, in sessions that can only read. Every value is text or null.
 * Rejects with `RegisterFailure`, at the deadline at the latest, and at once when nobody waits any more.
 */
export interface SqlReader {
  query(text: string, values: readonly unknown[], limits: SqlLimits): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export interface SqlLimits {
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** Aborted when nobody waits for the rows any more. */
  readonly signal?: AbortSignal | undefined;
}

export function createSqlReader(options: SqlReaderOptions): SqlReader {
  const { register, clock } = options;
  const pool = new pg.Pool(poolConfig(options));
  // An idle connection that breaks is replaced at the next call.
  pool.on('error', () => undefined);
  return {
    query: async (text, values, { deadline, signal }) => {
      const limit = new Limit(deadline - clock.monotonic(), signal);
      try {
        return await Promise.race([readOn(pool, { text, values: [...values] }, limit, options), limit.passed]);
      } catch (error) {
        // Not the error itself as cause: the server's messages quote values.
        throw new RegisterFailure(register, limit.over ?? failureKindOf(error), { cause: codeOf(error) });
      } finally {
        limit.end();
      }
    },
    close: () => pool.end(),
  };
}

function poolConfig({
  host,
  port,
  database,
  user,
  password,
  tlsCa,
  maxConnections,
  timeoutMs,
}: SqlReaderOptions): pg.PoolConfig {
  return {
    host,
    port,
    database,
    user,
    password,
    ssl: tlsCa === undefined ? false : { ca: tlsCa, rejectUnauthorized: true },
    max: maxConnections,
    connectionTimeoutMillis: timeoutMs,
    application_name: 'tereze',
    // In the startup packet, so that no statement of a session runs without them.
    options: `-c default_transaction_read_only=on -c statement_timeout=${timeoutMs} -c idle_in_transaction_session_timeout=${timeoutMs} -c search_path=public -c datestyle=ISO -c timezone=UTC`,
    // Everything as text: a Date would shift days, a number would round.
    types: { getTypeParser: () => (text: string) => text },
  };
}

/** The time that one read has, unless nobody waits for it any more. */
class Limit {
  /** Rejects when the time is over. */
  readonly passed: Promise<never>;
  /** Why it is over; undefined as long as it is not. */
  over: 'timeout' | 'cancelled' | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #cancel: () => void;

  constructor(milliseconds: number, signal: AbortSignal | undefined) {
    let pass: (over: 'timeout' | 'cancelled') => void = () => undefined;
    this.passed = new Promise<never>((_, reject) => {
      pass = (over) => {
        this.over ??= over;
        reject(new Error(over));
      };
    });
    // Whoever reads races it; before and after nobody listens.
    this.passed.catch(() => undefined);
    this.#cancel = () => pass('cancelled');
    this.#signal = signal;
    this.#timer = setTimeout(() => pass('timeout'), milliseconds);
    signal?.addEventListener('abort', this.#cancel, { once: true });
    if (signal?.aborted) pass('cancelled');
    if (milliseconds <= 0) pass('timeout');
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#cancel);
  }
}

/**
 * One statement on one connection. When the time is over it is not sent any more; when it was sent,
 * or when its answer is too large, it is cancelled on the server and its connection is broken off.
 */
async function readOn(
  pool: pg.Pool,
  query: pg.QueryConfig,
  limit: Limit,
  server: SqlReaderOptions,
): Promise<readonly Row[]> {
  if (limit.over !== undefined) return limit.passed;
  const client = await pool.connect();
  if (limit.over !== undefined) {
    client.release();
    return limit.passed;
  }
  const onError = (): void => undefined;
  client.on('error', onError);
  const size = new AnswerSize(client, server.maxResponseBytes);
  let broken = true;
  try {
    const { rows } = await Promise.race([client.query<Record<string, unknown>>(query), limit.passed, size.exceeded]);
    broken = false;
    return rows;
  } finally {
    size.end();
    client.off('error', onError);
    if (broken && (limit.over !== undefined || size.over)) cancelStatement(client, server);
    client.release(broken);
  }
}
