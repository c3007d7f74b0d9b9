import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { AuditUnavailable, type AuditLog } from '../audit/port.js';
import { isWritten, readPending, writeAlert, type PendingAlert } from './alerts.js';
import { detect, type DetectionContext } from './detect.js';
import { moveCursors, oldestUnfollowed, readPage } from './follow.js';
import { PostgresStore } from './postgres-store.js';
import type { Rule } from './rule.js';
import { Windows } from './windows.js';

export interface DetectionOptions {
  /** Connections of its own, so that no request ever waits for detection. */
  readonly sql: Sql;
  /** Opens a log of the pool to append alerts to. It is closed when they are written. */
  readonly openLog: () => Promise<AlertLog>;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  /** Identifies this process among the replicas. */
  readonly holder: string;
  readonly rules: readonly Rule[];
  /** Time zone of the jurisdiction. */
  readonly timeZone: string;
  /** `daily_persons` of each system that has it. */
  readonly dailyPersons: ReadonlyMap<string, number>;
}

export interface AlertLog {
  readonly log: Pick<AuditLog, 'appendChange'>;
  close(): Promise<void>;
}

/** What one step did. */
export interface DetectionStep {
  /** `elsewhere`: another replica follows. */
  readonly state: 'followed' | 'elsewhere';
  readonly entries: number;
  readonly written: number;
}

/** Time between two steps. A replica that ends leaves its lease to another after `LEASE_MS`. */
const STEP_MS = 1_000;
const LEASE_MS = 20_000;
/** Time after which a step ends although there is more to follow. */
const LONGEST_MS = 5_000;
/** Entries of each log in one transaction, and alerts written in one step. */
const PAGE = 100;
const ALERTS = 100;
const STEPS_BETWEEN_CLEANING = 60;
/** Counts are kept for this time after the end of their window. */
const KEPT_MS = 3_600_000;

/**
 * Follows the entries of all logs, counts by rules, and writes alerts as entries.
 *
 * - One replica at a time, by a lease. Another goes on where it ended: counts, cursors and alerts that are raised commit in
 *   one transaction, so each entry counts once.
 * - An alert is raised once for a rule, group and window. Its entry and the mark that it is written commit together.
 * - Memory is bounded by a page: what is counted is in the database.
 * - It never answers a request and no request waits for it. A step that fails changes nothing and is taken again; the lag
 *   grows meanwhile.
 */
export class Detection {
  readonly #options: DetectionOptions;
  readonly #context: DetectionContext;
  /** Alerts that may be written although the reply was lost. */
  readonly #doubtful = new Set<PendingAlert>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #steps = 0;
  #isFailing = false;
  #lag: { readonly seconds: number; readonly at: number };

  constructor(options: DetectionOptions) {
    this.#options = options;
    const { timeZone, dailyPersons, clock } = options;
    this.#context = { windows: new Windows(timeZone), dailyPersons };
    this.#lag = { seconds: 0, at: clock.monotonic() };
  }

  /** Takes a step each second from now on. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.tick().finally(() => (this.#running = undefined));
    }, STEP_MS);
    this.#timer.unref();
  }

  /** Ends after the step that is under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    const { sql, holder } = this.#options;
    await sql
      .query('UPDATE audit_detection_lease SET holder = NULL, expires_at = NULL WHERE holder = $1', [holder])
      .catch(() => undefined);
  }

  /** Takes a step and shows the lag. Never rejects: the first failure of several is a warning. */
  async tick(): Promise<void> {
    const { observer } = this.#options;
    try {
      await this.step();
      await this.#showLag();
      this.#isFailing = false;
    } catch {
      if (!this.#isFailing) observer.log('warn', 'detection_failed');
      this.#isFailing = true;
      this.#showGrowingLag();
    }
  }

  /** Follows what is new and writes the alerts that are raised, unless another replica does. Rejects if it cannot. */
  async step(): Promise<DetectionStep> {
    const { sql, holder } = this.#options;
    const { count } = await sql.query(
      `UPDATE audit_detection_lease SET holder = $1, expires_at = clock_timestamp() + $2 * interval '1 millisecond'
       WHERE holder IS NULL OR holder = $1 OR expires_at < clock_timestamp()`,
      [holder, LEASE_MS],
    );
    if (count !== 1) return { state: 'elsewhere', entries: 0, written: 0 };
    await this.#settleDoubtful();
    const entries = await this.#follow();
    const written = await this.#write();
    if (this.#steps % STEPS_BETWEEN_CLEANING === 0) await this.#clean();
    this.#steps += 1;
    return { state: 'followed', entries, written };
  }

  /** Resolves with how many entries were followed. */
  async #follow(): Promise<number> {
    const { sql, clock, rules } = this.#options;
    const begun = clock.monotonic();
    let followed = 0;
    for (;;) {
      const { entries, moves, hasMore } = await readPage(sql, PAGE);
      if (moves.length === 0) return followed;
      await sql.transaction(async (tx) => {
        if (!(await moveCursors(tx, moves))) throw new Error('another replica follows');
        await detect(rules, entries, new PostgresStore(tx), this.#context);
      });
      followed += entries.length;
      if (!hasMore || clock.monotonic() - begun > LONGEST_MS) return followed;
    }
  }

  /** Resolves with how many alerts were written. An alert that cannot be an entry is an error event, and keeps no other. */
  async #write(): Promise<number> {
    const { sql, clock, random, openLog, observer } = this.#options;
    const pending = await readPending(sql, ALERTS);
    if (pending.length === 0) return 0;
    const opened = await openLog();
    let written = 0;
    try {
      for (const alert of pending) {
        try {
          if (!(await writeAlert({ sql, log: opened.log, clock, random }, alert))) continue;
          written += 1;
          this.#countAlert(alert);
        } catch (error) {
          if (error instanceof AuditUnavailable && error.outcome === 'unknown') this.#doubtful.add(alert);
          if (error instanceof AuditUnavailable) throw error;
          observer.log('error', 'detection_alert_not_written', { rule: alert.rule });
        }
      }
    } finally {
      await opened.close();
    }
    return written;
  }

  /** Counts alerts that turn out to be written. The others are pending still. */
  async #settleDoubtful(): Promise<void> {
    for (const alert of this.#doubtful) {
      if (await isWritten(this.#options.sql, alert)) this.#countAlert(alert);
      this.#doubtful.delete(alert);
    }
  }

  #countAlert({ rule, severity }: PendingAlert): void {
    const { observer } = this.#options;
    observer.count('tereze_detection_alerts_total', { rule, severity });
    observer.log('warn', 'detection_alert', { rule, severity });
  }

  /** Forgets what was counted in windows that have ended. What is not followed yet may still count in its own. */
  async #clean(): Promise<void> {
    const { sql, clock } = this.#options;
    const oldest = await oldestUnfollowed(sql);
    const from = Math.min(clock.now().getTime(), oldest === null ? Number.POSITIVE_INFINITY : Date.parse(oldest));
    const before = new Date(from - KEPT_MS).toISOString();
    await sql.query('DELETE FROM audit_detection_member WHERE until < $1', [before]);
    await sql.query('DELETE FROM audit_detection_group WHERE until < $1', [before]);
    await sql.query('DELETE FROM audit_detection_opening WHERE until < $1', [before]);
  }

  async #showLag(): Promise<void> {
    const { sql, clock, observer } = this.#options;
    const [unfollowed, [unwritten]] = [await oldestUnfollowed(sql), await readPending(sql, 1)];
    const times = [unfollowed, unwritten?.at ?? null].flatMap((at) => (at === null ? [] : [Date.parse(at)]));
    const seconds = times.length === 0 ? 0 : Math.max(0, (clock.now().getTime() - Math.min(...times)) / 1_000);
    this.#lag = { seconds, at: clock.monotonic() };
    observer.gauge('tereze_detection_lag_seconds', seconds);
  }

  /** While the database cannot be asked, no entry is followed, so the lag may have grown by all of the time. */
  #showGrowingLag(): void {
    const { clock, observer } = this.#options;
    observer.gauge('tereze_detection_lag_seconds', this.#lag.seconds + (clock.monotonic() - this.#lag.at) / 1_000);
  }
}
