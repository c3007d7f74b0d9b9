import pg from 'pg';
import type { Clock } from '../../schemas/ports/clock.js';
import { RegisterFailure, type RegisterFailureKind } from '../port.js';

export interface SqlReaderOptions {
  readonly register: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly maxConnections: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export type Row = Readonly<Record<string, unknown>>;

/** Reads from a register's PostgreSQL, in sessions that can only read. Rejects with `RegisterFailure`. */
export interface SqlReader {
  query(text: string, values: readonly unknown[], deadline: number): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export function createSqlReader(options: SqlReaderOptions): SqlReader {
  const { clock } = options;
  const pool = new pg.Pool(poolConfig(options));
  // An idle connection that breaks is replaced at the next call.
  pool.on('error', () => undefined);
  return {
    query: async (text, values, deadline) => {
      try {
        return await readWithin(pool, { text, values: [...values] }, deadline - clock.monotonic());
      } catch (error) {
        throw new RegisterFailure(options.register, kindOf(error), { cause: error });
      }
    },
    close: () => pool.end(),
  };
}

function poolConfig({ host, port, database, user, password, maxConnections, timeoutMs }: SqlReaderOptions): pg.PoolConfig {
  return {
    host,
    port,
    database,
    user,
    password,
    max: maxConnections,
    connectionTimeoutMillis: timeoutMs,
    application_name: 'tereze',
    // In the startup packet, so that no statement of a session runs without them.
    options: `-c default_transaction_read_only=on -c statement_timeout=${timeoutMs} -c idle_in_transaction_session_timeout=${timeoutMs} -c search_path=public -c datestyle=ISO -c timezone=UTC`,
    // Everything as text: a Date would shift days, a number would round.
    types: { getTypeParser: () => (text: string) => text },
  };
}

/** The deadline passed before the server answered. */
class DeadlinePassed extends Error {}

async function readWithin(pool: pg.Pool, query: pg.QueryConfig, left: number): Promise<readonly Row[]> {
  if (left <= 0) throw new DeadlinePassed();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed()), left);
  });
  try {
    return await Promise.race([readOn(pool, query, limit), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** A connection whose statement did not end in time is broken off, which ends the statement too. */
async function readOn(pool: pg.Pool, query: pg.QueryConfig, limit: Promise<never>): Promise<readonly Row[]> {
  const client = await pool.connect();
  const onError = (): void => undefined;
  client.on('error', onError);
  let broken: unknown = true;
  try {
    const { rows } = await Promise.race([client.query(query), limit]);
    broken = false;
    return rows as Row[];
  } finally {
    client.off('error', onError);
    client.release(broken === true);
  }
}

function kindOf(error: unknown): RegisterFailureKind {
  if (error instanceof DeadlinePassed) return 'timeout';
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return 'transport';
  if (code === '57014') return 'timeout';
  if (code.startsWith('53')) return 'overloaded';
  return code.startsWith('08') || code.startsWith('57') ? 'transport' : 'failed';
}
