import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../schemas/vocabulary.js';
import { appendBatch, type LogPosition } from './append.js';
import { Batcher, type Settled } from './batcher.js';
import type { EntryDraft } from './entry.js';
import { claimLog, releaseLease, renewLease, type LeaseOptions } from './lease.js';
import { AuditUnavailable, ClaimsStale, type Appended, type AuditLog, type ClaimGuard } from './port.js';
import { prepareEntry, type PreparedEntry } from './prepared-entry.js';
import { closeOpenIntents } from './recovery.js';

export interface PostgresLogOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly lease: LeaseOptions;
  /** Time in which an entry must be durable, from `append`, in milliseconds. */
  readonly commitMs: number;
  readonly maxWaiting: number;
  readonly maxBatch: number;
  /** Says which consents are no longer current, inside the transaction of the batch. */
  readonly guard: ClaimGuard;
}

interface Item {
  readonly entry: PreparedEntry;
  readonly claims: readonly ConsentClaim[];
}

/**
 * The audit log of this replica in PostgreSQL: a log of a bounded pool, held by a lease and fenced
 * by its epoch, appended to in groups.
 *
 * After any doubt (connection lost, head elsewhere than believed, lease not renewed) the position
 * is forgotten and the log claimed anew before the next batch: entries that were written although
 * the reply was lost stay where they are, and the next index comes after them.
 */
export class PostgresLog implements AuditLog {
  readonly #options: PostgresLogOptions;
  readonly #batcher: Batcher<Item, Appended>;
  #position: LogPosition | undefined;
  #lastCommitFailed = false;
  #renewal: NodeJS.Timeout | undefined;

  private constructor(options: PostgresLogOptions) {
    this.#options = options;
    this.#batcher = new Batcher({
      maxBatch: options.maxBatch,
      maxWaiting: options.maxWaiting,
      overflow: () => new AuditUnavailable(),
      commit: (batch) => this.#commit(batch),
    });
  }

  /** Claims a log, closes the intents that a crash left open, and keeps the lease. Rejects with `AuditUnavailable`. */
  static async open(options: PostgresLogOptions): Promise<PostgresLog> {
    const log = new PostgresLog(options);
    await log.#claim();
    await closeOpenIntents(options.sql, options.clock, options.lease.name, options.lease.holder, (draft) => log.append(draft));
    log.#renewal = setInterval(() => void log.#renew(), options.lease.leaseMs / 3);
    log.#renewal.unref();
    return log;
  }

  append(draft: EntryDraft, { claims = [] }: { readonly claims?: readonly ConsentClaim[] } = {}): Promise<Appended> {
    this.#options.observer.count('tereze_audit_entries_total', { kind: draft.body.kind });
    return withinLimit(this.#batcher.add({ entry: prepareEntry(draft), claims }), this.#options.commitMs);
  }

  healthy(): boolean {
    return this.#position !== undefined && !this.#lastCommitFailed;
  }

  /** Asks the database whether the next append could succeed; claims the log anew where it was lost. Never rejects. */
  async probe(): Promise<boolean> {
    try {
      if (this.#position === undefined) await this.#claim();
      this.#lastCommitFailed = !(await this.#renewed());
    } catch {
      this.#lastCommitFailed = true;
    }
    return this.healthy();
  }

  async close(): Promise<void> {
    clearInterval(this.#renewal);
    await this.#batcher.drained();
    if (this.#position !== undefined) await releaseLease(this.#options.sql, this.#position).catch(() => undefined);
    this.#position = undefined;
  }

  async #claim(): Promise<LogPosition> {
    const claimed = await claimLog(this.#options.sql, this.#options.lease).catch((cause: unknown) => {
      throw new AuditUnavailable({ cause });
    });
    if (claimed === undefined) throw new AuditUnavailable({ cause: 'every log of the pool is held' });
    this.#position = claimed;
    return claimed;
  }

  async #renew(): Promise<void> {
    await this.probe();
  }

  async #renewed(): Promise<boolean> {
    if (this.#position === undefined) return false;
    const held = await renewLease(this.#options.sql, this.#position, this.#options.lease.leaseMs);
    if (!held) this.#position = undefined;
    return held;
  }

  async #commit(batch: readonly Item[]): Promise<readonly Settled<Appended>[]> {
    const { clock, observer } = this.#options;
    const startedAt = clock.monotonic();
    try {
      const settled = await this.#write(batch);
      this.#lastCommitFailed = false;
      return settled;
    } catch (cause) {
      this.#position = undefined;
      this.#lastCommitFailed = true;
      observer.log('error', 'audit_commit_failed', { entries: batch.length });
      throw cause instanceof AuditUnavailable ? cause : new AuditUnavailable({ cause });
    } finally {
      observer.duration('tereze_audit_commit_seconds', (clock.monotonic() - startedAt) / 1000);
    }
  }

  async #write(batch: readonly Item[]): Promise<readonly Settled<Appended>[]> {
    const position = this.#position ?? (await this.#claim());
    const claims = batch.flatMap((item) => item.claims);
    if (claims.length === 0) return this.#appended(this.#options.sql, position, batch, []);
    return this.#options.sql.transaction(async (tx) => this.#appended(tx, position, batch, await this.#options.guard(tx, distinct(claims))));
  }

  /** Appends everybody whose claims are current; the position moves only when the caller's commit succeeded. */
  async #appended(sql: SqlExecutor, position: LogPosition, batch: readonly Item[], stale: readonly ConsentClaim[]): Promise<readonly Settled<Appended>[]> {
    const staleKeys = new Set(stale.map(keyOf));
    const isCurrent = (item: Item): boolean => !item.claims.some((claim) => staleKeys.has(keyOf(claim)));
    const current = batch.filter(isCurrent);
    if (current.length > 0 && !(await appendBatch(sql, position, current.map(({ entry }) => entry)))) throw new AuditUnavailable({ cause: 'fenced' });
    this.#position = { ...position, size: position.size + current.length };
    let index = position.size;
    return batch.map((item) =>
      isCurrent(item)
        ? { done: { log: position.logId, index: index++, leafHash: item.entry.leaf.toString('hex') } }
        : { failed: new ClaimsStale(item.claims.filter((claim) => staleKeys.has(keyOf(claim)))) },
    );
  }
}

const keyOf = ({ consentId, revision }: ConsentClaim): string => `${consentId}@${revision}`;

function distinct(claims: readonly ConsentClaim[]): readonly ConsentClaim[] {
  return [...new Map(claims.map((claim) => [keyOf(claim), claim])).values()];
}

/** Whoever waits too long is told that it is not known; the entry may still be written, which is harmless. */
async function withinLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AuditUnavailable({ cause: 'timeout' })), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
