/**
 * The state database (PostgreSQL), as rooms that keep state see it.
 *
 * Contract
 * - Values travel only as parameters; texts are constants.
 * - `query` outside a transaction is one statement, committed when it resolves (synchronous_commit on).
 * - `transaction` commits when `work` resolves and rolls back when it throws; one connection, in order.
 * - Failure: rejects with {@link SqlFailure}. `outcome: 'unknown'` means that a commit may or may
 *   not have happened (connection lost); callers treat it as not done and never release data on it.
 * - A statement that is `prepared` is parsed and planned once for each connection instead of each time, where the
 *   connection allows it: not behind a pooler, which may lead the next statement to another server process. Its plan is
 *   the same for all values, so it must be a good one for few as for many. In a transaction the server chooses.
 * - int8 and numeric come back as strings, dates and timestamps as ISO text, jsonb as parsed values, bytea as Buffer.
 */
export interface SqlExecutor {
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: StatementOptions,
  ): Promise<SqlResult<Row>>;
}

export interface StatementOptions {
  /** For a text that is sent often. There are few of them, because each connection keeps all that it was sent. */
  readonly prepared: true;
}

/** For statements of which every request sends one. */
export const PREPARED: StatementOptions = { prepared: true };

export interface SqlResult<Row> {
  readonly rows: readonly Row[];
  /** Rows affected (or returned). */
  readonly count: number;
}

export interface Sql extends SqlExecutor {
  transaction<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T>;
}

/**
 * What one room adds to a statement of another: the text of a common table expression, and its values. The text is
 * constant for a given number of the first parameter.
 */
export interface StatementPart<Input> {
  /** How many parameters it has. */
  readonly parameters: number;
  /** Returns the text. Its parameters are numbered from `first`. It does nothing unless `condition`, SQL too, holds. */
  text(first: number, condition: string): string;
  /** Returns the values of the parameters, in order. Called immediately before the statement is sent. */
  values(input: Input): readonly unknown[];
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
