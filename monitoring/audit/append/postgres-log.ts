import type { Clock } from '../../../schemas/ports/clock.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { Random } from '../../../schemas/ports/random.js';
import type { Sql, SqlExecutor } from '../../../schemas/ports/sql.js';
import { withDeadline } from '../../../schemas/with-deadline.js';
import { WriteWatch, type LastSeen } from '../../write-watch.js';
import { Appending } from './append.js';
import { Batcher, type Settled } from './batcher.js';
import type { EntryDraft } from '../entries.js';
import { LeasedLog } from './leased-log.js';
import { claimAbandoned, releaseLease, type ClaimedLog, type LeaseOptions } from './lease.js';
import { publicLogName } from '../log-name.js';
import { LiveRequests } from './live-requests.js';
import {
  AuditUnavailable,
  ClaimsStale,
  ProofUsedBefore,
  type AppendOptions,
  type Appended,
  type AppendedChange,
  type AuditLog,
  type ClaimGuard,
  type FirstUses,
  type HeldClaims,
  type StateChange,
} from '../port.js';
import { prepareEntry, type PreparedEntry } from './prepared-entry.js';
import { closeOpenIntents } from './recovery.js';
import { rehearseAppend } from './rehearse.js';
import { isChange, writeBatch, type BatchWriting, type Item, type Written } from './write-batch.js';

export interface PostgresLogOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly lease: LeaseOptions;
  /** Time in which an entry must be durable, from `append`, in milliseconds. */
  readonly commitMs: number;
  /** `single_node`: no standby has what is appended, and each append says so. Default: `replicated`. */
  readonly durability?: 'replicated' | 'single_node';
  /** Name of the installation (`audit.origin`), for the public name of its logs. */
  readonly origin?: string | undefined;
  /** `none`: every receipt says that no one outside proves the log. */
  readonly anchor?: 'none' | undefined;
  readonly maxWaiting: number;
  readonly maxBatch: number;
  /** Returns which consents are no longer current, inside the transaction of the batch. */
  readonly guard: ClaimGuard;
  /** Holds consents within the statement that appends. Without it, each append with claims is a transaction. */
  readonly held?: HeldClaims | undefined;
  /** Notes proofs as used within the statement that appends. Without it, no entry is appended with one. */
  readonly uses?: FirstUses | undefined;
}

/**
 * The audit log of this replica in PostgreSQL: a log of a bounded pool, leased and fenced by its epoch.
 * Entries are appended in groups. At start and at every renewal of the lease, the log closes open
 * intents, its own and those of replicas that are gone: recovery is part of normal operation.
 */
export class PostgresLog implements AuditLog {
  readonly #options: PostgresLogOptions;
  readonly #leased: LeasedLog;
  readonly #writing: BatchWriting;
  readonly #batcher: Batcher<Item, Appended>;
  readonly #live = new LiveRequests();
  readonly #watch: WriteWatch;
  #isClosed = false;
  #upkeep: NodeJS.Timeout | undefined;
  #recovering: Promise<void> | undefined;

  private constructor(options: PostgresLogOptions) {
    this.#options = options;
    this.#leased = new LeasedLog(options.sql, options.lease, ({ log, message }) =>
      options.observer.log('error', 'audit_tree_differs', { log, problem: message }),
    );
    const { sql, guard, held, uses } = options;
    this.#writing = { sql, guard, appending: new Appending({ held, uses }) };
    this.#watch = new WriteWatch({ clock: options.clock, write: () => this.#rehearse() });
    this.#batcher = new Batcher({
      maxBatch: options.maxBatch,
      maxWaiting: options.maxWaiting,
      isAlone: isChange,
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

  async append(draft: EntryDraft, { claims = [], use }: AppendOptions = {}): Promise<Appended> {
    if (this.#isClosed) throw new AuditUnavailable({ cause: 'closed' });
    const { kind, requestId } = draft.body;
    try {
      const entry = this.#prepare(draft);
      const appended = await this.#add({ entry, claims, use, isAbandoned: false, isSent: false });
      if (endsRequest(kind)) this.#live.end(requestId);
      return this.#asKept(appended);
    } catch (error) {
      // After stale claims the request continues, with another completion.
      if (error instanceof ClaimsStale) throw error;
      // So it does after a use that was not the first, with the refusal that says so.
      if (error instanceof ProofUsedBefore) throw error;
      // A draft that cannot be an entry says nothing about the database.
      if (error instanceof AuditUnavailable) this.#watch.failed();
      this.#live.end(requestId);
      throw error;
    }
  }

  async appendChange<Result>({ requestId, apply, entry }: StateChange<Result>): Promise<AppendedChange<Result>> {
    if (this.#isClosed) throw new AuditUnavailable({ cause: 'closed' });
    let applied: { readonly result: Result } | undefined;
    const change = async (tx: SqlExecutor): Promise<PreparedEntry> => {
      applied = { result: await apply(tx) };
      return this.#prepare(entry(applied.result));
    };
    try {
      const appended = await this.#add({ change, isAbandoned: false, isSent: false });
      if (applied === undefined) throw new Error('a change was committed that was not made');
      this.#live.end(requestId);
      return { ...this.#asKept(appended), result: applied.result };
    } catch (error) {
      // After a change that was refused the request continues, with a completion that says so.
      if (!(error instanceof AuditUnavailable)) throw error;
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

  #prepare(draft: EntryDraft): PreparedEntry {
    const prepared = prepareEntry(draft);
    this.#options.observer.count('tereze_audit_entries_total', { kind: draft.body.kind });
    return prepared;
  }

  #add(item: Item): Promise<Appended> {
    return withDeadline(this.#batcher.add(item), this.#options.commitMs, () => {
      throw abandon(item);
    });
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
    const own = await this.#leased.use(async (log) => ({
      log,
      result: { logId: log.logId, through: log.size, live: this.#live.snapshot() },
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
      if (settled.some((one) => 'done' in one)) this.#watch.committed(failures);
      return settled;
    } catch (cause) {
      observer.log('error', 'audit_commit_failed', { entries: batch.length });
      throw asUnavailable(cause);
    } finally {
      observer.duration('tereze_audit_commit_seconds', (clock.monotonic() - startedAt) / 1000);
    }
  }

  async #write(log: ClaimedLog, batch: readonly Item[]): Promise<Written> {
    const written = await writeBatch(this.#writing, log, batch);
    batch.forEach((item, position) => this.#begin(item, written.result[position]));
    return written;
  }

  /** Marks an intent as live from its commit on, unless its append was rejected meanwhile. */
  #begin(item: Item, settled: Settled<Appended> | undefined): void {
    if (isChange(item) || item.isAbandoned || settled === undefined || !('done' in settled)) return;
    const { kind, requestId } = item.entry.columns;
    if (kind === 'intent') this.#live.begin(requestId, settled.done);
  }

  #asKept(appended: Appended): Appended {
    const { durability, origin, anchor } = this.#options;
    return {
      ...appended,
      ...(origin === undefined ? {} : { publicLog: publicLogName(appended.log, origin) }),
      ...(durability === 'single_node' ? { durability } : {}),
      ...(anchor === undefined ? {} : { anchor }),
    };
  }

  #rehearse(): Promise<void> {
    const { sql, random, commitMs } = this.#options;
    const rehearsed = this.#leased.use(async (log) => {
      await rehearseAppend(sql, log, random);
      return { log, result: undefined };
    });
    return withDeadline(rehearsed, commitMs, () => {
      throw new AuditUnavailable({ cause: 'timeout' });
    });
  }
}

function endsRequest(kind: EntryDraft['body']['kind']): boolean {
  return kind === 'completion' || kind === 'act';
}

function abandon(item: Item): AuditUnavailable {
  item.isAbandoned = true;
  return new AuditUnavailable({ cause: 'timeout', outcome: item.isSent ? 'unknown' : 'not_done' });
}

function asUnavailable(cause: unknown): AuditUnavailable {
  return cause instanceof AuditUnavailable ? cause : new AuditUnavailable({ cause });
}
