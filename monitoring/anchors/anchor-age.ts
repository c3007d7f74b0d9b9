import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Coverage } from './coverage.js';

export interface AnchorAgeOptions {
  readonly coverage: Pick<Coverage, 'oldestUnproven'>;
  readonly clock: Clock;
  readonly observer: Observer;
  /** `audit.anchor_max_age` in milliseconds. Undefined: there is no limit. */
  readonly maxAgeMs: number | undefined;
}

/** How often it is looked what is proven, in milliseconds. */
const LOOK_MS = 5_000;
/** Part of the limit from which there is an alarm. */
const ALARM_SHARE = 0.25;
/** The alarm without a limit, in milliseconds: that of the least limit. */
const ALARM_MS = 3_600_000;

type Stage = 'current' | 'late' | 'overdue';

/**
 * The age of the oldest entry that no anchor proves. Each replica looks for itself.
 *
 * - Above a quarter of the limit (an hour without one) it is an error event, `audit_anchor_late`; above the limit
 *   `audit_anchor_overdue`, and {@link isOverdue} says so until an anchor proves that entry.
 * - While the database cannot be read, the age grows: what was true at the last look is no longer known to be.
 */
export class AnchorAge {
  readonly #options: AnchorAgeOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #stage: Stage = 'current';
  /** Time of the entry that is not proven; without one, when all were. Undefined: nothing is known yet. */
  #since: number | undefined;

  constructor(options: AnchorAgeOptions) {
    this.#options = options;
  }

  /** Looks, and goes on looking until `close`. Resolves after the first look, also if that failed. */
  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    }, LOOK_MS);
    this.#timer.unref();
  }

  /** Looks now. Rejects if it cannot be known what is proven. */
  async look(): Promise<void> {
    const { coverage, clock, observer } = this.#options;
    const lookedAt = clock.now().getTime();
    const oldest = await coverage.oldestUnproven();
    this.#since = oldest?.getTime() ?? lookedAt;
    observer.gauge('tereze_audit_anchor_age_seconds', oldest === undefined ? 0 : this.#ageMs() / 1_000);
    this.#tell();
  }

  /** Whether an entry is, or may be, unproven for longer than the limit. Asks nothing. */
  isOverdue(): boolean {
    const { maxAgeMs } = this.#options;
    return maxAgeMs !== undefined && (this.#since === undefined || this.#ageMs() > maxAgeMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      await this.look();
    } catch {
      this.#options.observer.log('warn', 'audit_anchor_age_unknown');
      // What was proven at the last look may no longer be all.
      if (this.#since !== undefined)
        this.#options.observer.gauge('tereze_audit_anchor_age_seconds', this.#ageMs() / 1_000);
      this.#tell();
    }
  }

  #ageMs(): number {
    const { clock } = this.#options;
    return this.#since === undefined ? 0 : Math.max(0, clock.now().getTime() - this.#since);
  }

  /** Says once that the age is in another stage. */
  #tell(): void {
    const { maxAgeMs, observer } = this.#options;
    const ageMs = this.#ageMs();
    const isLate = ageMs > (maxAgeMs === undefined ? ALARM_MS : maxAgeMs * ALARM_SHARE);
    const stage = this.isOverdue() ? 'overdue' : isLate ? 'late' : 'current';
    if (stage === this.#stage) return;
    this.#stage = stage;
    const fields = { age_s: Math.round(ageMs / 1_000) };
    if (stage === 'current') observer.log('info', 'audit_anchor_current', fields);
    else observer.log('error', `audit_anchor_${stage}`, fields);
  }
}
