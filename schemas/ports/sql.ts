/**
 * The state database (PostgreSQL), as rooms that keep state see it.
 *
 * Contract
 * - Values travel only as parameters; texts are constants.
 * - `query` outside a transaction is one statement, committed when it resolves (synchronous_commit on).
 * - `transaction` commits when `work` resolves and rolls back when it throws; one connection, in order.
 * - Failure: rejects with {@link SqlFailure}. `outcome: 'unknown'` means that a commit may or may
 *   not have happened (connection lost); callers treat it as not done and never release data on it.
 * - int8 and numeric come back as strings, dates and timestamps as ISO text, jsonb as parsed values, bytea as Buffer.
 */
export interface SqlExecutor {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<SqlResult<Row>>;
}

export interface SqlResult<Row> {
  readonly rows: readonly Row[];
  /** Rows affected (or returned). */
  readonly count: number;
}

export interface Sql extends SqlExecutor {
  transaction<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T>;
}

/** A statement or connection failed. `code` is the SQLSTATE when the server gave one. Never carries values. */
export class SqlFailure extends Error {
  readonly outcome: 'not_done' | 'unknown';
  readonly code: string | undefined;
  constructor(
    message: string,
    details: { outcome: 'not_done' | 'unknown'; code?: string | undefined; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.name = 'SqlFailure';
    this.outcome = details.outcome;
    this.code = details.code;
  }
}
