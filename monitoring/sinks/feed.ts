import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { ocsfEvents, type OcsfOptions } from '../audit/formats/ocsf/events-of-entry.js';
import { claimSink, moveCursor, readEntries, readOldestPending, readPending, releaseSink } from './stored-sinks.js';
import type { PendingLog, SinkClaim } from './stored-sinks.js';
import { NotDelivered, type SinkTarget } from './target.js';

export interface FeedOptions {
  readonly name: string;
  readonly target: SinkTarget;
  readonly sql: Sql;
  readonly clock: Clock;
  readonly observer: Observer;
  /** Identifies this process among replicas. */
  readonly holder: string;
  readonly events: OcsfOptions;
  /** Most entries that are sent at once. */
  readonly batch: number;
  /** Longest time of one delivery, in milliseconds. The lease outlasts it. */
  readonly timeoutMs: number;
}

/** How often it is looked whether there is something new, in milliseconds. */
const LOOK_MS = 500;
const LEAST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 60_000;
const LEASE_MARGIN_MS = 20_000;
const LOOKS_BETWEEN_GAUGES = 10;

/**
 * - `fed`: a batch was delivered, and there may be more.
 * - `idle`: the sink has all entries.
 * - `elsewhere`: another replica feeds the sink.
 * - `waiting`: a delivery failed, and it is not time to try again.
 * - `failed`: nothing was acknowledged.
 */
export type FeedStep = 'fed' | 'idle' | 'elsewhere' | 'waiting' | 'failed';

/**
 * Sends the entries of all logs to one sink, each log in its order.
 *
 * - At least once: the place in a log moves after the receiver has acknowledged. After a failure, or a crash before the move,
 *   the same events are sent again under the same ids.
 * - One replica at a time, by a lease. A replica that lost it can move nothing.
 * - A sink that takes nothing costs nothing else: no append and no answer waits for it, one batch at most is in memory,
 *   no transaction is open meanwhile, and the time between two tries grows to a minute.
 */
export class SinkFeed {
  readonly #options: FeedOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosing = false;
  #looks = 0;
  #failures = 0;
  #retryAt = 0;
  #lastLog = '';

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Sends what there is from now on, until `close`. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.#look().finally(() => (this.#running = undefined));
    }, LOOK_MS);
    this.#timer.unref();
  }

  /** Ends after the batch that is under way, and leaves the sink to other replicas. Never rejects. */
  async close(): Promise<void> {
    const { sql, name, holder, target } = this.#options;
    this.#isClosing = true;
    clearInterval(this.#timer);
    await this.#running;
    await target.close().catch(() => undefined);
    await releaseSink(sql, name, holder).catch(() => undefined);
  }

  /** Sends one batch of one log, if it is time. Rejects if the database cannot be asked. */
  async step(): Promise<FeedStep> {
    const { sql, name, clock, holder, timeoutMs } = this.#options;
    if (this.#failures > 0 && clock.monotonic() < this.#retryAt) return 'waiting';
    const claim = await claimSink(sql, name, { holder, leaseMs: timeoutMs + LEASE_MARGIN_MS });
    if (claim === undefined) return 'elsewhere';
    const log = this.#nextOf(await readPending(sql, name));
    if (log === undefined) return 'idle';
    return this.#feed(claim, log);
  }

  async #look(): Promise<void> {
    const { observer, name } = this.#options;
    try {
      if (this.#looks % LOOKS_BETWEEN_GAUGES === 0) await this.#showLag();
      this.#looks += 1;
      while (!this.#isClosing && (await this.step()) === 'fed');
    } catch {
      observer.log('warn', 'audit_sink_not_read', { sink: name });
    }
  }

  /** The logs take turns, so that a busy one leaves the others their place. */
  #nextOf(pending: readonly PendingLog[]): PendingLog | undefined {
    const next = pending.find(({ log }) => log > this.#lastLog) ?? pending[0];
    this.#lastLog = next?.log ?? '';
    return next;
  }

  async #feed(claim: SinkClaim, { log, next: from, size }: PendingLog): Promise<FeedStep> {
    const { sql, name, target, events, batch, observer } = this.#options;
    const to = Math.min(size, from + batch);
    const entries = await readEntries(sql, { log, from, to });
    // Which rows are missing, the comparison of rows and `audit verify` say.
    if (entries.length < to - from) observer.log('error', 'audit_sink_entries_missing', { sink: name, log });
    const sent = entries.flatMap((entry) => ocsfEvents(entry, events));
    try {
      if (sent.length > 0) await target.deliver(sent);
    } catch (error) {
      if (!(error instanceof NotDelivered)) throw error;
      this.#recordFailure(error);
      return 'failed';
    }
    // A crash here means that the same batch is sent again.
    if (!(await moveCursor(sql, name, claim, { log, from, to }))) return 'elsewhere';
    this.#recordSuccess();
    return 'fed';
  }

  #recordFailure({ fault }: NotDelivered): void {
    const { clock, observer, name } = this.#options;
    const wait = Math.min(MOST_WAIT_MS, LEAST_WAIT_MS * 2 ** this.#failures);
    this.#retryAt = clock.monotonic() + wait;
    if (this.#failures === 0) observer.log('warn', 'audit_sink_failing', { sink: name, fault });
    this.#failures = Math.min(this.#failures + 1, MOST_DOUBLINGS);
    observer.count('tereze_audit_sink_batches_total', { sink: name, outcome: fault });
  }

  #recordSuccess(): void {
    const { observer, name } = this.#options;
    if (this.#failures > 0) observer.log('info', 'audit_sink_working_again', { sink: name });
    this.#failures = 0;
    observer.count('tereze_audit_sink_batches_total', { sink: name, outcome: 'delivered' });
  }

  async #showLag(): Promise<void> {
    const { sql, name, clock, observer } = this.#options;
    const oldest = await readOldestPending(sql, name);
    const lagMs = oldest === undefined ? 0 : clock.now().getTime() - Date.parse(oldest);
    observer.gauge('tereze_audit_sink_lag_seconds', Math.max(0, lagMs / 1_000), { sink: name });
  }
}

/** Enough for the longest wait. */
const MOST_DOUBLINGS = 10;
