import { SqlFailure, type Sql, type SqlExecutor, type SqlResult } from '../../../../schemas/ports/sql.js';

export type Fault = 'not_written' | 'reply_lost';

/** A database that can be told to fail at writing to the log, in both forms, or to keep everyone waiting. */
export class FaultySql implements Sql {
  readonly #inner: Sql;
  #fault: Fault | undefined;
  #isDown = false;
  #held: Promise<void> | undefined;
  #letGo: () => void = () => undefined;
  #arrived: (() => void) | undefined;

  constructor(inner: Sql) {
    this.#inner = inner;
  }

  failNext(fault: Fault): void {
    this.#fault = fault;
  }

  /** Nothing gets through until `up`. */
  down(): void {
    this.#isDown = true;
  }

  up(): void {
    this.#isDown = false;
  }

  /** Writes to the log wait until `letGo`. Resolves when the first one waits. */
  hold(): Promise<void> {
    this.#held = new Promise((resolve) => (this.#letGo = resolve));
    return new Promise((resolve) => (this.#arrived = resolve));
  }

  letGo(): void {
    this.#letGo();
    this.#held = undefined;
  }

  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<SqlResult<Row>> {
    return this.#guarded(isWrite(text), () => this.#inner.query<Row>(text, values));
  }

  transaction<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
    return this.#guarded(true, () => this.#inner.transaction(work));
  }

  async #guarded<T>(writes: boolean, use: () => Promise<T>): Promise<T> {
    if (this.#isDown) throw new SqlFailure('down', { outcome: 'not_done' });
    if (!writes) return use();
    this.#arrived?.();
    await this.#held;
    const fault = this.#fault;
    this.#fault = undefined;
    if (fault === 'not_written') throw new SqlFailure('the connection was lost', { outcome: 'unknown' });
    const result = await use();
    if (fault === 'reply_lost') throw new SqlFailure('the connection was lost', { outcome: 'unknown' });
    return result;
  }
}

const isWrite = (text: string): boolean => text.includes('INSERT INTO audit_entry');
