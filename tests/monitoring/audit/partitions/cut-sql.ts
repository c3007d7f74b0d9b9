import { SqlFailure, type Sql, type SqlExecutor, type SqlResult } from '../../../../schemas/ports/sql.js';

/** Where the process of an owner ends: before its statement or transaction of this number, or after it, without the reply. */
export interface Cut {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** Counts statements, those in transactions too, and ends. What runs in a transaction that ends is taken back. */
export class CutSql implements Sql {
  readonly #inner: Sql;
  readonly #cut: Cut;
  #sent = 0;

  constructor(inner: Sql, cut: Cut) {
    this.#inner = inner;
    this.#cut = cut;
  }

  /** Statements and ends of transactions that were reached. */
  get sent(): number {
    return this.#sent;
  }

  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<SqlResult<Row>> {
    return this.#counted(() => this.#inner.query<Row>(text, values));
  }

  async transaction<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
    let isOver = false;
    try {
      return await this.#inner.transaction(async (tx) => {
        const result = await work({
          query: (text, values) => this.#counted(() => tx.query(text, values)),
        });
        this.#sent += 1;
        if (this.#isCut('before')) throw ended();
        isOver = this.#isCut('after');
        return result;
      });
    } finally {
      if (isOver) throw ended();
    }
  }

  async #counted<T>(send: () => Promise<T>): Promise<T> {
    this.#sent += 1;
    if (this.#isCut('before')) throw ended();
    const result = await send();
    if (this.#isCut('after')) throw ended();
    return result;
  }

  #isCut(when: Cut['when']): boolean {
    return this.#sent === this.#cut.at && this.#cut.when === when;
  }
}

function ended(): SqlFailure {
  return new SqlFailure('the process ended', { outcome: 'unknown' });
}
