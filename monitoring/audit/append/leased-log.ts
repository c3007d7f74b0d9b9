import type { Sql } from '../../../schemas/ports/sql.js';
import { claimUnused } from './claim-unused.js';
import { claimLog, releaseLease, renewLease, type ClaimedHead, type ClaimedLog, type LeaseOptions } from './lease.js';
import { AuditUnavailable } from '../port.js';
import { completeTree, TreeDiffers } from '../tree/stored-tree.js';

/**
 * The log that this replica holds by a lease, and the position of its next entry. One use at a time.
 *
 * After any doubt (connection lost, head elsewhere than expected, lease not renewed) the object forgets
 * the log and claims one again at the next use. The claim raises the epoch, so that a statement sent
 * before it can no longer succeed. The claim also reads the size, so that entries that were written
 * although the reply was lost stay where they are. The tree is read again as well.
 *
 * A log whose entries and tiles are not those of its tree is left alone, and reported once.
 */
export class LeasedLog {
  readonly #sql: Sql;
  readonly #lease: LeaseOptions;
  readonly #onDiffering: (differing: TreeDiffers) => void;
  readonly #differing: string[] = [];
  #leased: ClaimedLog | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(sql: Sql, lease: LeaseOptions, onDiffering: (differing: TreeDiffers) => void) {
    this.#sql = sql;
    this.#lease = lease;
    this.#onDiffering = onDiffering;
  }

  get isLeased(): boolean {
    return this.#leased !== undefined;
  }

  /**
   * Resolves with the result of `work`, which appends to the log and returns the log as it is after that. If `work`
   * throws, the lease is in doubt.
   */
  use<T>(work: (log: ClaimedLog) => Promise<{ readonly log: ClaimedLog; readonly result: T }>): Promise<T> {
    return this.#exclusively(async () => {
      const { log, result } = await work(this.#leased ?? (await this.#claim()));
      this.#leased = log;
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
    for (let head = await this.#claimHead(); head !== undefined; head = await this.#claimHead()) {
      const { logId, epoch, size } = head;
      try {
        const tree = await completeTree(this.#sql, head, this.#lease.leaseMs);
        if (tree !== undefined) return (this.#leased = { logId, epoch, size, tree });
      } catch (error) {
        if (!(error instanceof TreeDiffers)) throw error;
        this.#differing.push(logId);
        this.#onDiffering(error);
        await releaseLease(this.#sql, head);
      }
    }
    throw new AuditUnavailable({ cause: 'every log of the pool is held' });
  }

  #claimHead(): Promise<ClaimedHead | undefined> {
    const { unusedBut } = this.#lease;
    return unusedBut === undefined
      ? claimLog(this.#sql, this.#lease, this.#differing)
      : claimUnused(this.#sql, this.#lease, [...unusedBut(), ...this.#differing]);
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
