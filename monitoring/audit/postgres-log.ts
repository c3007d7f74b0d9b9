import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../schemas/vocabulary.js';
import { withDeadline } from '../../schemas/with-deadline.js';
import { WriteWatch, type LastSeen } from '../write-watch.js';
import { appendBatch } from './append.js';
import { Batcher, type Settled } from './batcher.js';
import { distinctClaims, staleOf } from './current-claims.js';
import type { EntryDraft } from './entries.js';
import { LeasedLog } from './leased-log.js';
import { claimAbandoned, releaseLease, type ClaimedLog, type LeaseOptions } from './lease.js';
import { LiveRequests } from './live-requests.js';
import { AuditUnavailable, ClaimsStale, type Appended, type AuditLog, type ClaimGuard } from './port.js';
import { prepareEntry, type PreparedEntry } from './prepared-entry.js';
import { closeOpenIntents } from './recovery.js';
import { rehearseAppend } from './rehearse.js';

export interface PostgresLogOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly lease: LeaseOptions;
  /** Time in which an entry must be durable, from `append`, in milliseconds. */
  readonly commitMs: number;
  readonly maxWaiting: number;
  readonly maxBatch: number;
  /** Returns which consents are no longer current, inside the transaction of the batch. */
  readonly guard: ClaimGuard;
}

interface Item {
  readonly entry: PreparedEntry;
  readonly claims: readonly ConsentClaim[];
  /** The append was rejected for its time limit. If the entry is not yet sent, it is never sent. */
  isAbandoned: boolean;
}

/**
 * The audit log of this replica in PostgreSQL: a log of a bounded pool, leased and fenced by its epoch.
 * Entries are appended in groups. At start and at every renewal of the lease, the log closes open
 * intents, its own and those of replicas that are gone: recovery is part of normal operation.
 */
export class PostgresLog implements AuditLog {
  readonly #options: PostgresLogOptions;
  readonly #leased: LeasedLog;
  readonly #batcher: Batcher<Item, Appended>;
  readonly #live = new LiveRequests();
  readonly #watch: WriteWatch;
  #isClosed = false;
  #upkeep: NodeJS.Timeout | undefined;
  #recovering: Promise<void> | undefined;

  private constructor(options: PostgresLogOptions) {
    this.#options = options;
    this.#leased = new LeasedLog(options.sql, options.lease);
    this.#watch = new WriteWatch({ clock: options.clock, write: () => this.#rehearse() });
    this.#batcher = new Batcher({
      maxBatch: options.maxBatch,
      maxWaiting: options.maxWaiting,
      overflow: () => new AuditUnavailable({ cause: 'too many entries are waiting' }),
      commit: (batch) => this.#commit(batch),
    });
  }

  /** Claims a log, closes the intents that a crash left open, and keeps the lease. Rejects with `AuditUnavailable`. */
  static async open(options: PostgresLogOptions): Promise<PostgresLog> {
    const log = new PostgresLog(options);
    try {
      await log.#recover();
    } catch (cause) {
      await log.close();
      throw asUnavailable(cause);
    }
    log.#upkeep = setInterval(() => void log.#maintain(), options.lease.leaseMs / 3);
    log.#upkeep.unref();
    await log.#watch.checkNow();
    log.#watch.start();
    return log;
  }

  async append(
    draft: EntryDraft,
    { claims = [] }: { readonly claims?: readonly ConsentClaim[] } = {},
  ): Promise<Appended> {
    if (this.#isClosed) throw new AuditUnavailable({ cause: 'closed' });
    const { kind, requestId } = draft.body;
    const item: Item = { entry: prepareEntry(draft), claims, isAbandoned: false };
    this.#options.observer.count('tereze_audit_entries_total', { kind });
    try {
      const appended = await withDeadline(this.#batcher.add(item), this.#options.commitMs, () => {
        throw abandon(item);
      });
      if (endsRequest(kind)) this.#live.end(requestId);
      return appended;
    } catch (error) {
      // After stale claims the request continues, with another completion.
      if (error instanceof ClaimsStale) throw error;
      this.#watch.failed();
      this.#live.end(requestId);
      throw error;
    }
  }

  lastSeen(): LastSeen {
    return this.#watch.lastSeen();
  }

  /** Tries now whether an entry could be written, and claims a log if the lease was lost. Never rejects. */
  async probe(): Promise<LastSeen> {
    if (!this.#isClosed) await this.#watch.checkNow();
    return this.lastSeen();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#upkeep);
    await this.#watch.stop();
    await this.#recovering?.catch(() => undefined);
    await this.#batcher.drained();
    await this.#leased.release();
  }

  /** Recovers, one run at a time, so that runs do not pile up on a slow database. Never rejects. */
  async #maintain(): Promise<void> {
    if (this.#recovering !== undefined) return;
    this.#recovering = this.#recover();
    try {
      await this.#recovering;
    } catch {
      this.#watch.failed();
      this.#options.observer.log('warn', 'audit_upkeep_failed');
    } finally {
      this.#recovering = undefined;
    }
  }

  async #recover(): Promise<void> {
    await this.#leased.keep();
    // `use`, not `keep`: no batch may be in flight while size and live requests are read.
    const own = await this.#leased.use(async ({ logId, size }) => ({
      appended: 0,
      result: { logId, through: size, live: this.#live.snapshot() },
    }));
    await this.#closeOpen(own);
    for (let number = 1; number < this.#options.lease.poolSize && !this.#isClosed; number += 1) {
      const abandoned = await claimAbandoned(this.#options.sql, this.#options.lease, own.logId);
      if (abandoned === undefined) return;
      await this.#closeOpen({ logId: abandoned.logId, through: abandoned.size, live: this.#live.snapshot() });
      await releaseLease(this.#options.sql, abandoned);
    }
  }

  async #closeOpen(range: Parameters<typeof closeOpenIntents>[1]): Promise<void> {
    const { sql, clock, observer } = this.#options;
    const closed = await closeOpenIntents({ sql, clock, append: (draft) => this.append(draft) }, range);
    if (closed > 0) observer.log('warn', 'audit_open_intents_closed', { log: range.logId, closed });
  }

  async #commit(batch: readonly Item[]): Promise<readonly Settled<Appended>[]> {
    const { clock, observer } = this.#options;
    const startedAt = clock.monotonic();
    const failures = this.#watch.begin();
    try {
      const settled = await this.#leased.use((log) => this.#write(log, batch));
      this.#watch.committed(failures);
      return settled;
    } catch (cause) {
      observer.log('error', 'audit_commit_failed', { entries: batch.length });
      throw asUnavailable(cause);
    } finally {
      observer.duration('tereze_audit_commit_seconds', (clock.monotonic() - startedAt) / 1000);
    }
  }

  async #write(
    log: ClaimedLog,
    batch: readonly Item[],
  ): Promise<{ appended: number; result: readonly Settled<Appended>[] }> {
    const claims = distinctClaims(batch);
    const settled =
      claims.length === 0
        ? await appendCurrent(this.#options.sql, log, batch, [])
        : await this.#options.sql.transaction(async (tx) =>
            appendCurrent(tx, log, batch, await this.#options.guard(tx, claims)),
          );
    batch.forEach((item, position) => this.#begin(item, settled[position]));
    return { appended: settled.filter((one) => 'done' in one).length, result: settled };
  }

  /** Marks an intent as live from its commit on, unless its append was rejected meanwhile. */
  #begin({ entry: { columns }, isAbandoned }: Item, settled: Settled<Appended> | undefined): void {
    if (columns.kind === 'intent' && !isAbandoned && settled !== undefined && 'done' in settled)
      this.#live.begin(columns.requestId, settled.done);
  }

  #rehearse(): Promise<void> {
    const { sql, random, commitMs } = this.#options;
    const rehearsed = this.#leased.use(async (log) => {
      await rehearseAppend(sql, log, random);
      return { appended: 0, result: undefined };
    });
    return withDeadline(rehearsed, commitMs, () => {
      throw new AuditUnavailable({ cause: 'timeout' });
    });
  }
}

/** Appends, in order, the items that still wait and whose claims are current. Resolves with how each item ended. */
async function appendCurrent(
  sql: SqlExecutor,
  log: ClaimedLog,
  batch: readonly Item[],
  stale: readonly ConsentClaim[],
): Promise<readonly Settled<Appended>[]> {
  const staleAmong = staleOf(stale);
  const refused = batch.map((item) =>
    item.isAbandoned
      ? new AuditUnavailable({ cause: 'timeout' })
      : staleAmong(item).length > 0
        ? new ClaimsStale(staleAmong(item))
        : undefined,
  );
  const entries = batch.filter((_, position) => refused[position] === undefined).map(({ entry }) => entry);
  if (entries.length > 0 && !(await appendBatch(sql, log, entries))) throw new AuditUnavailable({ cause: 'fenced' });
  let index = log.size;
  return batch.map(({ entry }, position) => {
    const failed = refused[position];
    return failed === undefined
      ? { done: { log: log.logId, index: index++, leafHash: entry.leaf.toString('hex') } }
      : { failed };
  });
}

function endsRequest(kind: EntryDraft['body']['kind']): boolean {
  return kind === 'completion' || kind === 'act';
}

function abandon(item: Item): AuditUnavailable {
  item.isAbandoned = true;
  return new AuditUnavailable({ cause: 'timeout' });
}

function asUnavailable(cause: unknown): AuditUnavailable {
  return cause instanceof AuditUnavailable ? cause : new AuditUnavailable({ cause });
}
