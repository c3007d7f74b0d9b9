import type { Clock } from '../../../schemas/ports/clock.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { readRemovals, withErasures } from '../removals/removals.js';
import { storedEntry, type StoredEntry } from '../stored-entry.js';
import { readPages } from '../verify/read-pages.js';
import { readCompared } from './compared.js';

export interface RederivationOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly observer: Observer;
  /** Identifies this process among the replicas. */
  readonly holder: string;
  /** A round over a log begins this long after the one before began, in milliseconds. */
  readonly everyMs: number;
}

/** Time between two steps. A replica that ends leaves its lease to another after `LEASE_MS`. */
const STEP_MS = 1_000;
const LEASE_MS = 30_000;
const LEAST_ROWS = 200;
const MOST_ROWS = 2_000;
/** The part of the time between two rounds in which a round is to be over. */
const SHARE = 0.5;
const STEPS_BETWEEN_GAUGES = 30;

/** What one step did. */
export interface RederivationStep {
  /** Rows that were compared. */
  readonly compared: number;
  /** Rows that were found to differ, and were not known. */
  readonly found: number;
  /** `idle`: no round is due; `elsewhere`: another replica compares. */
  readonly state: 'compared' | 'idle' | 'elsewhere';
}

/**
 * Compares every row of the audit log with its bytes, round after round: a changed column or index token can hide a row
 * from a search, and only a look at every row finds that.
 *
 * - One replica at a time, by a lease. Another goes on where it ended.
 * - At an even pace: enough rows a second for half the time between two rounds, from 200 to 2,000.
 * - A row that differs from its bytes, whose bytes do not hash to its leaf, that is missing, or that has the index of
 *   another is kept as a finding, and is an error event (`audit_row_changed`) when it is first found. Neither holds a value.
 */
export class Rederivation {
  readonly #options: RederivationOptions;
  readonly #begunAt: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #steps = 0;

  constructor(options: RederivationOptions) {
    this.#options = options;
    this.#begunAt = options.clock.now().getTime();
  }

  /** Takes a step each second from now on. A step that fails is a warning, and is tried again. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.#tick().finally(() => (this.#running = undefined));
    }, STEP_MS);
    this.#timer.unref();
  }

  /** Ends after the step that is under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    await this.#options.sql
      .query('UPDATE audit_rederivation_lease SET holder = NULL, expires_at = NULL WHERE holder = $1', [
        this.#options.holder,
      ])
      .catch(() => undefined);
  }

  /** Compares some rows, if a round is due and no other replica does. Rejects if the database cannot be asked. */
  async step(): Promise<RederivationStep> {
    const { sql, holder } = this.#options;
    const { count } = await sql.query(
      `UPDATE audit_rederivation_lease SET holder = $1, expires_at = clock_timestamp() + $2 * interval '1 millisecond'
       WHERE holder IS NULL OR holder = $1 OR expires_at < clock_timestamp()`,
      [holder, LEASE_MS],
    );
    if (count !== 1) return { compared: 0, found: 0, state: 'elsewhere' };
    const round = (await this.#underWay()) ?? (await this.#begin());
    if (round === undefined) return { compared: 0, found: 0, state: 'idle' };
    return this.#compare(round);
  }

  async #tick(): Promise<void> {
    const { observer } = this.#options;
    try {
      await this.step();
      if (this.#steps % STEPS_BETWEEN_GAUGES === 0) await this.#showGauges();
      this.#steps += 1;
    } catch {
      observer.log('warn', 'audit_rederivation_failed');
    }
  }

  async #showGauges(): Promise<void> {
    const { sql, clock, observer } = this.#options;
    const { at, found, logs } = await readCompared(sql);
    const since = at === null ? this.#begunAt : Date.parse(at);
    const ageMs = logs.length === 0 ? 0 : clock.now().getTime() - since;
    observer.gauge('tereze_audit_rederivation_age_seconds', Math.max(0, ageMs / 1_000));
    observer.gauge('tereze_audit_findings', found);
  }

  async #underWay(): Promise<Round | undefined> {
    const { rows } = await this.#options.sql.query<RoundRow>(
      `SELECT log_id, next_index, round_size, ${ALL_ROWS} AS total FROM audit_rederivation
       WHERE round_size IS NOT NULL ORDER BY round_started_at LIMIT 1`,
    );
    return rows[0] && roundOf(rows[0]);
  }

  /** Begins a round over the log that was compared the longest ago, if it is due. */
  async #begin(): Promise<Round | undefined> {
    const { sql, clock, everyMs } = this.#options;
    const now = clock.now();
    const { rows } = await sql.query<RoundRow>(
      `INSERT INTO audit_rederivation AS r (log_id, next_index, round_size, round_started_at)
       SELECT h.log_id, 0, h.size, $1::timestamptz FROM audit_head h LEFT JOIN audit_rederivation d USING (log_id)
       WHERE h.size > 0 AND (d.round_started_at IS NULL OR d.round_started_at <= $2::timestamptz)
       ORDER BY d.round_started_at NULLS FIRST, h.log_id LIMIT 1
       ON CONFLICT (log_id) DO UPDATE SET next_index = 0, round_size = EXCLUDED.round_size, round_started_at = EXCLUDED.round_started_at
       RETURNING log_id, next_index, round_size, ${ALL_ROWS} AS total`,
      [now.toISOString(), new Date(now.getTime() - everyMs).toISOString()],
    );
    return rows[0] && roundOf(rows[0]);
  }

  async #compare({ log, next, size, total }: Round): Promise<RederivationStep> {
    const { sql, everyMs } = this.#options;
    const paced = Math.ceil((total * STEP_MS) / (everyMs * SHARE));
    const to = Math.min(size, next + Math.min(MOST_ROWS, Math.max(LEAST_ROWS, paced)));
    const entries: StoredEntry[] = [];
    for await (const page of readPages(sql, { log, from: next, to })) entries.push(...page.entries.map(storedEntry));
    const found = await this.#keepFindings(
      log,
      await this.#unexplained(log, findingsOf(await withErasures(sql, entries), next, to)),
    );
    // A replica that lost its lease meanwhile must not set the round back.
    await sql.query(
      to < size
        ? 'UPDATE audit_rederivation SET next_index = $3 WHERE log_id = $1 AND next_index = $2 AND round_size IS NOT NULL'
        : `UPDATE audit_rederivation SET next_index = 0, round_size = NULL, compared_through = $3, compared_since = round_started_at
           WHERE log_id = $1 AND next_index = $2 AND round_size = $3`,
      [log, next, to],
    );
    return { compared: to - next, found, state: 'compared' };
  }

  /** Entries that are missing because they were archived are no findings. */
  async #unexplained(log: string, findings: readonly Finding[]): Promise<readonly Finding[]> {
    if (!findings.some(isMissing)) return findings;
    const below = (await readRemovals(this.#options.sql)).archivedBelow(log);
    return findings.filter((finding) => !isMissing(finding) || finding.index >= below);
  }

  /** Resolves with how many of them were not known. */
  async #keepFindings(log: string, findings: readonly Finding[]): Promise<number> {
    const { sql, clock, observer } = this.#options;
    let found = 0;
    for (const { index, what } of findings) {
      const { count } = await sql.query(
        'INSERT INTO audit_finding (log_id, index, found_at, what) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        [log, index, clock.now().toISOString(), what],
      );
      if (count === 0) continue;
      found += 1;
      observer.log('error', 'audit_row_changed', { log, index, what: what.join(' ') });
    }
    return found;
  }
}

/** Rows of all logs, for the pace. */
const ALL_ROWS = '(SELECT sum(size) FROM audit_head)';

interface RoundRow {
  readonly log_id: string;
  readonly next_index: string;
  readonly round_size: string;
  readonly total: string;
}

interface Round {
  readonly log: string;
  readonly next: number;
  readonly size: number;
  readonly total: number;
}

function roundOf({ log_id: log, next_index: next, round_size: size, total }: RoundRow): Round {
  return { log, next: Number(next), size: Number(size), total: Number(total) };
}

function isMissing({ what }: Finding): boolean {
  return what[0] === MISSING;
}

const MISSING = 'missing';

interface Finding {
  readonly index: number;
  readonly what: readonly string[];
}

function findingsOf(entries: readonly StoredEntry[], from: number, to: number): readonly Finding[] {
  const byIndex = new Map<number, StoredEntry[]>();
  for (const entry of entries) byIndex.set(entry.index, [...(byIndex.get(entry.index) ?? []), entry]);
  const findings: Finding[] = [];
  for (let index = from; index < to; index += 1) {
    const [entry, ...others] = byIndex.get(index) ?? [];
    const what = entry === undefined ? [MISSING] : [...changesOf(entry), ...(others.length > 0 ? ['repeated'] : [])];
    if (what.length > 0) findings.push({ index, what });
  }
  return findings;
}

/**
 * Returns what of a row is not as it was written, as words without values: `leaf`, `unreadable`, the name of a column, or
 * `subject_token 0` for the index token of the first person.
 */
export function changesOf({
  intact,
  body,
  differences,
}: Pick<StoredEntry, 'intact' | 'body' | 'differences'>): readonly string[] {
  return [
    ...(intact ? [] : ['leaf']),
    ...(body.kind === 'unreadable' ? ['unreadable'] : []),
    ...differences.map((one) => (one.kind === 'column' ? one.column : `${one.kind} ${one.position}`)),
  ];
}
