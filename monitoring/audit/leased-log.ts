import type { Sql } from '../../schemas/ports/sql.js';
import { claimUnused } from './claim-unused.js';
import { claimLog, releaseLease, renewLease, type ClaimedLog, type LeaseOptions } from './lease.js';
import { AuditUnavailable } from './port.js';

/**
 * The log that this replica holds by a lease, and the position of its next entry. One use at a time.
 *
 * After any doubt (connection lost, head elsewhere than expected, lease not renewed) the object forgets
 * the log and claims one again at the next use. The claim raises the epoch, so that a statement sent
 * before it can no longer succeed. The claim also reads the size, so that entries that were written
 * although the reply was lost stay where they are.
 */
export class LeasedLog {
  readonly #sql: Sql;
  readonly #lease: LeaseOptions;
  #leased: ClaimedLog | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(sql: Sql, lease: LeaseOptions) {
    this.#sql = sql;
    this.#lease = lease;
  }

  get isLeased(): boolean {
    return this.#leased !== undefined;
  }

  /** Resolves with the result of `work`, which appends to the log and returns how many entries it appended. If `work` throws, the lease is in doubt. */
  use<T>(work: (log: ClaimedLog) => Promise<{ readonly appended: number; readonly result: T }>): Promise<T> {
    return this.#exclusively(async () => {
      const log = this.#leased ?? (await this.#claim());
      const { appended, result } = await work(log);
      this.#leased = { ...log, size: log.size + appended };
      return result;
    });
  }

  /** Extends the lease, or claims a log if the lease is lost. Rejects if neither is possible. */
  keep(): Promise<ClaimedLog> {
    return this.#exclusively(async () => {
      if (this.#leased !== undefined && (await renewLease(this.#sql, this.#leased, this.#lease.leaseMs)))
        return this.#leased;
      return this.#claim();
    });
  }

  /** Ends the lease. If the database cannot be reached, the lease ends by its own time. */
  release(): Promise<void> {
    return this.#exclusively(async () => {
      if (this.#leased !== undefined) await releaseLease(this.#sql, this.#leased).catch(() => undefined);
      this.#leased = undefined;
    });
  }

  async #claim(): Promise<ClaimedLog> {
    const { unusedBut } = this.#lease;
    const claimed =
      unusedBut === undefined
        ? await claimLog(this.#sql, this.#lease)
        : await claimUnused(this.#sql, this.#lease, unusedBut());
    if (claimed === undefined) throw new AuditUnavailable({ cause: 'every log of the pool is held' });
    this.#leased = claimed;
    return claimed;
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work).catch((error: unknown) => {
      this.#leased = undefined;
      throw error;
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
