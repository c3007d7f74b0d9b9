import type pg from 'pg';
import {
  SqlFailure,
  type Sql,
  type SqlExecutor,
  type SqlResult,
  type StatementOptions,
} from '../../schemas/ports/sql.js';
import type { KeptSession, Plans } from './kept-session.js';
import { toSqlFailure } from './sql-failures.js';

/**
 * SQLSTATE classes of notices that mean that a statement did less than it says: 01 is "warning", 57 "operator
 * intervention". A commit whose wait for a standby was cancelled succeeds with such a notice (PostgreSQL manual,
 * section 27.2.8.1). The text of a notice is in the server's language, so only the code counts.
 */
const WARNING_CLASSES = ['01', '57'];

/**
 * Codes by which the server says that what is prepared on a connection is not what the connection thinks: the schema has
 * changed the type of a result (0A000), or the session is another one (26000, 42P05).
 */
const NOT_AS_PREPARED: ReadonlySet<string | undefined> = new Set(['0A000', '26000', '42P05']);

/** How the server is told to plan statements that have values (PostgreSQL manual, section 20.7.4). */
const SET_PLANS: Readonly<Record<Plans, string>> = {
  for_any_values: 'SET plan_cache_mode = force_generic_plan',
  for_these_values: 'RESET plan_cache_mode',
};

/**
 * One connection of the pool, by the contract of the port. A statement fails with an unknown outcome if it takes longer
 * than `limitMs`, or if the server warned while it ran. The statement itself is never cancelled: a commit that waits for
 * a standby must not be told to give up.
 */
export class Connection implements Sql {
  readonly #client: pg.PoolClient;
  readonly #limitMs: number | undefined;
  readonly #onError = (): void => void (this.#isBroken = true);
  readonly #onNotice = ({ code }: { code?: string | undefined }): void => {
    if (code !== undefined && WARNING_CLASSES.some((known) => code.startsWith(known))) this.#warning = code;
  };
  #session: KeptSession | undefined;
  #isBroken = false;
  #warning: string | undefined;
  #unanswered: Promise<unknown> | undefined;

  constructor(client: pg.PoolClient, limitMs: number | undefined) {
    this.#client = client;
    this.#limitMs = limitMs;
    // Without a listener, a connection that breaks between two statements would end the process.
    client.on('error', this.#onError);
    client.on('notice', this.#onNotice);
  }

  /** True if the connection must not be used again. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Settles when the server has answered a statement whose caller no longer waits; undefined if there is none. */
  get unanswered(): Promise<unknown> | undefined {
    return this.#unanswered;
  }

  /** Prepares statements from now on: the connection leads to the server process that has this session, and to no other. */
  keep(session: KeptSession): void {
    this.#session = session;
  }

  async query<Row>(text: string, values: readonly unknown[] = [], options?: StatementOptions): Promise<SqlResult<Row>> {
    // Without values there is nothing to choose a plan by.
    if (options !== undefined) await this.#plan('for_any_values');
    else if (values.length > 0) await this.#plan('for_these_values');
    return this.#send(text, values, options);
  }

  async transaction<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
    await this.#plan('for_these_values');
    await this.#send('BEGIN');
    const result = await this.#attempt(work);
    await this.#send('COMMIT');
    return result;
  }

  /** Stops listening to the connection, before it goes back to the pool. */
  detach(): void {
    this.#client.off('error', this.#onError);
    this.#client.off('notice', this.#onNotice);
  }

  /** Tells the server how to plan what follows, if it plans in another way. Never in a transaction, whose end could undo it. */
  async #plan(plans: Plans): Promise<void> {
    if (this.#session === undefined || this.#session.plans === plans) return;
    await this.#send(SET_PLANS[plans]);
    this.#session.plans = plans;
  }

  async #send<Row>(text: string, values: readonly unknown[] = [], options?: StatementOptions): Promise<SqlResult<Row>> {
    this.#warning = undefined;
    const name = options === undefined ? undefined : this.#session?.names.of(text);
    try {
      const answered = await this.#withinLimit(
        this.#client.query(name === undefined ? { text, values: [...values] } : { name, text, values: [...values] }),
      );
      if (this.#warning !== undefined) throw warned(this.#warning);
      // A text of several statements (a migration) answers with one result for each.
      const { rows, rowCount } = Array.isArray(answered) ? (answered.at(-1) as pg.QueryResult) : answered;
      return { rows: rows as Row[], count: rowCount ?? rows.length };
    } catch (error) {
      const failure = error instanceof SqlFailure ? error : toSqlFailure(error);
      this.#isBroken ||= failure.outcome === 'unknown' || (name !== undefined && NOT_AS_PREPARED.has(failure.code));
      throw failure;
    }
  }

  async #attempt<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
    try {
      return await work({ query: (text, values, options) => this.#send(text, values, options) });
    } catch (error) {
      // A statement that is still unanswered would hold the ROLLBACK up; the connection ends instead.
      if (!this.#isBroken) await this.#send('ROLLBACK').catch(() => (this.#isBroken = true));
      throw error;
    }
  }

  async #withinLimit<T>(answer: Promise<T>): Promise<T> {
    if (this.#limitMs === undefined) return answer;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#unanswered = answer.catch(() => undefined);
        reject(new SqlFailure('the state database did not answer in time', { outcome: 'unknown' }));
      }, this.#limitMs);
    });
    return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
  }
}

function warned(code: string): SqlFailure {
  return new SqlFailure('the state database warned while it ran a statement', { outcome: 'unknown', code });
}
