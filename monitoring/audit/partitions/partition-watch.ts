import type { Clock } from '../../../schemas/ports/clock.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { monthsAhead, readPartitions, readUnpartitionedEnd } from './stored-partitions.js';

export interface PartitionWatchOptions {
  readonly sql: SqlExecutor;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** Below this, `tereze db migrate` is due. */
const FEW_MONTHS = 3;
const LOOK_MS = 3_600_000;

/**
 * Shows once an hour for how many months the audit log has room, and warns (`audit_partitions_few`) below three: partitions,
 * or, while the migrations to partitions are under way, the months until the end that the first of them set.
 */
export class PartitionWatch {
  readonly #options: PartitionWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: PartitionWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#lookAgain(), LOOK_MS).unref();
    this.#lookAgain();
  }

  /** Ends after the look that is under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Looks once. Rejects if the database cannot be asked. */
  async look(): Promise<void> {
    const { sql, clock, observer } = this.#options;
    const months = await monthsLeft(sql, clock.now());
    observer.gauge('tereze_audit_partition_months', months);
    if (months < FEW_MONTHS) observer.log('warn', 'audit_partitions_few', { months });
  }

  #lookAgain(): void {
    this.#looking ??= this.look()
      .catch(() => this.#options.observer.log('warn', 'audit_partitions_unknown'))
      .finally(() => (this.#looking = undefined));
  }
}

async function monthsLeft(sql: SqlExecutor, now: Date): Promise<number> {
  const partitions = await readPartitions(sql);
  if (partitions !== undefined) return monthsAhead(partitions, now);
  const end = await readUnpartitionedEnd(sql);
  return end === undefined ? 0 : monthsAhead([end], now);
}
