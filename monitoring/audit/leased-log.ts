import type { Sql } from '../../schemas/ports/sql.js';
import { claimLog, releaseLease, renewLease, type ClaimedLog, type LeaseOptions } from './lease.js';
import { AuditUnavailable } from './port.js';

/**
 * The log that this replica holds, and where its next entry goes. One use at a time.
 *
 * After any doubt (connection lost, head elsewhere than believed, lease not renewed) what was known
 * is forgotten, and a log is claimed anew at the next use: the claim raises the epoch, so a
 * statement of before that is still on its way can no longer succeed, and reads the size, so that
 * entries that were written although the reply was lost stay where they are.
 */
export class HeldLog {
  readonly #sql: Sql;
  readonly #lease: LeaseOptions;
  #held: ClaimedLog | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(sql: Sql, lease: LeaseOptions) {
    this.#sql = sql;
    this.#lease = lease;
  }

  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** Lends the log; `work` returns how many entries it appended, with its result. When it throws, the claim is in doubt. */
  use<T>(work: (log: ClaimedLog) => Promise<{ readonly appended: number; readonly result: T }>): Promise<T> {
    return this.#exclusively(async () => {
      const log = this.#held ?? (await this.#claim());
      const { appended, result } = await work(log);
      this.#held = { ...log, size: log.size + appended };
      return result;
    });
  }

  /** Extends the lease, or claims a log when none is held any more. Rejects when neither can be done. */
  keep(): Promise<ClaimedLog> {
    return this.#exclusively(async () => {
      if (this.#held !== undefined && (await renewLease(this.#sql, this.#held, this.#lease.leaseMs))) return this.#held;
      return this.#claim();
    });
  }

  /** Gives the log back. A database that cannot be reached learns of it when the lease ends. */
  release(): Promise<void> {
    return this.#exclusively(async () => {
      if (this.#held !== undefined) await releaseLease(this.#sql, this.#held).catch(() => undefined);
      this.#held = undefined;
    });
  }

  async #claim(): Promise<ClaimedLog> {
    const claimed = await claimLog(this.#sql, this.#lease);
    if (claimed === undefined) throw new AuditUnavailable({ cause: 'every log of the pool is held' });
    this.#held = claimed;
    return claimed;
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work).catch((error: unknown) => {
      this.#held = undefined;
      throw error;
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
