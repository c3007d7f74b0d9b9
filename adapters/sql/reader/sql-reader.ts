import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import pg from 'pg';
import type { Clock } from '../../../schemas/ports/clock.js';
import { codeOf } from '../../../schemas/error-code.js';
import type { TlsOfConnection } from '../../../schemas/tls/read-tls.js';
import { RegisterFailure } from '../../port.js';
import { AnswerSize } from './answer-size.js';
import { cancelStatement } from './cancel-statement.js';
import { typedValues } from './decode-value.js';
import { failureReasonOf } from './failure-reason.js';

export interface SqlReaderOptions {
  readonly register: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** How TLS is spoken: with it the connection is TLS, or fails. Undefined: no TLS. */
  readonly tls?: TlsOfConnection | undefined;
  readonly maxConnections: number;
  /** Limit of the answer to one statement, in bytes on the wire. */
  readonly maxResponseBytes: number;
  /** Limit of one statement on the server, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * Reads from a register's PostgreSQL, in sessions that can only read. Every value is text or null, or is decoded by the
 * type of its column. Rejects with `RegisterFailure`: at the deadline at the latest, and at once when the signal is
 * aborted.
 */
export interface SqlReader {
  query(text: string, values: readonly unknown[], limits: SqlLimits): Promise<readonly Row[]>;
  /** Decodes values of these types as arrays from now on: types of arrays that the database defines, with those of their elements. */
  learnArrays(types: ReadonlyMap<number, number>): void;
  close(): Promise<void>;
}

export interface SqlLimits {
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** Aborted when the rows are no longer wanted. */
  readonly signal?: AbortSignal | undefined;
  /** Whether values are decoded by the types of their columns, see `decode-value.ts`. */
  readonly isTyped?: boolean | undefined;
  /** Called once there is a connection, immediately before the statement is sent. If it throws, nothing is sent. */
  readonly onSend: () => void;
}

export function createSqlReader(options: SqlReaderOptions): SqlReader {
  const { register, clock } = options;
  const pool = new pg.Pool(poolConfig(options));
  let typed = typedValues(new Map());
  // An idle connection that breaks is replaced at the next call.
  pool.on('error', () => undefined);
  let connected = 0;
  pool.on('connect', () => void (connected += 1));
  pool.on('remove', () => void (connected -= 1));
  return {
    query: async (text, values, { deadline, signal, isTyped = false, onSend }) => {
      const left = deadline - clock.monotonic();
      const limit = new Limit(left, signal);
      try {
        return await Promise.race([
          readOn(pool, { text, values: [...values], ...(isTyped ? { types: typed } : {}) }, { limit, onSend }, options),
          limit.passed,
        ]);
      } catch (error) {
        if (error instanceof RegisterFailure) throw error;
        // The error itself is not the cause, because messages of the server quote values.
        if (limit.over === 'cancelled') throw RegisterFailure.cancelled(register);
        // Without any connection, the time went by while one was made.
        const isConnecting = limit.over === 'deadline' && left > 0 && connected === 0;
        const reason = isConnecting ? 'connect_timeout' : (limit.over ?? failureReasonOf(error));
        throw new RegisterFailure(register, reason, { cause: codeOf(error) });
      } finally {
        limit.end();
      }
    },
    learnArrays: (types) => {
      typed = typedValues(types);
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
  tls,
  maxConnections,
  timeoutMs,
}: SqlReaderOptions): pg.PoolConfig {
  return {
    host,
    port,
    database,
    user,
    password,
    ssl: tls !== undefined && sslOf(tls),
    max: maxConnections,
    connectionTimeoutMillis: timeoutMs,
    application_name: 'tereze',
    // Set in the startup packet, so that no statement of a session runs without them.
    options: `-c default_transaction_read_only=on -c statement_timeout=${timeoutMs} -c idle_in_transaction_session_timeout=${timeoutMs} -c search_path=public -c datestyle=ISO -c intervalstyle=iso_8601 -c extra_float_digits=3 -c timezone=UTC -c standard_conforming_strings=on`,
    // Every value is text: a Date would shift days, a number would be rounded.
    types: { getTypeParser: () => (text: string) => text },
  };
}

/** The driver takes the host for the name to check. Another one needs a check of its own. */
function sslOf({ tlsCa, tlsClient, tlsServerName }: TlsOfConnection): ConnectionOptions {
  return {
    rejectUnauthorized: true,
    ...(tlsCa === undefined ? {} : { ca: tlsCa }),
    ...(tlsClient === undefined ? {} : { cert: tlsClient.certificate, key: tlsClient.key }),
    ...(tlsServerName === undefined
      ? {}
      : {
          servername: tlsServerName,
          checkServerIdentity: (_: string, certificate: PeerCertificate) =>
            checkServerIdentity(tlsServerName, certificate),
        }),
  };
}

/** The time limit of one read. An aborted signal ends it as well. */
class Limit {
  /** Rejects when the time is over. */
  readonly passed: Promise<never>;
  /** Why the time is over; undefined before that. */
  over: 'deadline' | 'cancelled' | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #cancel: () => void;

  constructor(milliseconds: number, signal: AbortSignal | undefined) {
    let pass: (over: 'deadline' | 'cancelled') => void = () => undefined;
    this.passed = new Promise<never>((_, reject) => {
      pass = (over) => {
        this.over ??= over;
        reject(new Error(over));
      };
    });
    // Reads race this promise. Before and after a read nothing handles its rejection.
    this.passed.catch(() => undefined);
    this.#cancel = () => pass('cancelled');
    this.#signal = signal;
    this.#timer = setTimeout(() => pass('deadline'), milliseconds);
    signal?.addEventListener('abort', this.#cancel, { once: true });
    if (signal?.aborted) pass('cancelled');
    if (milliseconds <= 0) pass('deadline');
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#cancel);
  }
}

/**
 * Runs one statement on one connection. If the time is over before it is sent, it is not sent. If the time is over later,
 * or the answer is too large, the statement is cancelled on the server and the connection is closed.
 */
async function readOn(
  pool: pg.Pool,
  query: pg.QueryConfig,
  { limit, onSend }: { readonly limit: Limit; readonly onSend: () => void },
  server: SqlReaderOptions,
): Promise<readonly Row[]> {
  if (limit.over !== undefined) return limit.passed;
  const client = await pool.connect();
  if (limit.over !== undefined) {
    client.release();
    return limit.passed;
  }
  try {
    onSend();
  } catch (error) {
    client.release();
    throw error;
  }
  const onError = (): void => undefined;
  client.on('error', onError);
  const size = new AnswerSize(client, server.maxResponseBytes);
  const answer = client.query<Record<string, unknown>>(query);
  let broken = true;
  try {
    const { rows } = await Promise.race([answer, limit.passed, size.exceeded]);
    broken = false;
    return rows;
  } finally {
    size.end();
    const leave = (): void => {
      client.off('error', onError);
      client.release(broken);
    };
    if (broken && (limit.over !== undefined || size.over)) void cancelStatement(client, server, answer).then(leave);
    else leave();
  }
}
