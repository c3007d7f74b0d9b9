import type { AuditLog } from '../../../monitoring/audit/port.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { entryOf, expiringParty } from './approvals.js';
import { countWaiting, expireApproval, listOverdue } from './stored-approvals.js';

export interface ApprovalExpiryOptions {
  readonly sql: SqlExecutor;
  readonly log: Pick<AuditLog, 'appendChange'>;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** Time between two looks, in milliseconds. */
const LOOK_MS = 30_000;

/** Another replica was first. */
class EndedBefore extends Error {}

/**
 * Ends approvals whose time is over, each together with its entry, and says how many requests wait for a second officer
 * (`tereze_approvals_pending`). An approval holds no longer than its time also where this has not come to it.
 */
export class ApprovalExpiry {
  readonly #options: ApprovalExpiryOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: ApprovalExpiryOptions) {
    this.#options = options;
  }

  /** Looks now, and from now on again and again. */
  start(): void {
    const look = (): void => {
      this.#looking = this.#looking
        .then(() => this.look())
        .catch(() => this.#options.observer.log('warn', 'approvals_not_ended'));
    };
    look();
    this.#timer = setInterval(look, LOOK_MS).unref();
  }

  /** Ends what is over. Rejects if the database or the log cannot be reached: the next look goes on. */
  async look(): Promise<void> {
    const { sql, clock, observer } = this.#options;
    for (const id of await listOverdue(sql, clock.now())) await this.#expire(id);
    observer.gauge('tereze_approvals_pending', await countWaiting(sql, clock.now()));
  }

  /** Resolves when no look is under way any more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #expire(id: string): Promise<void> {
    const { log, clock } = this.#options;
    const now = clock.now();
    await log
      .appendChange({
        requestId: id,
        apply: async (tx) => {
          const ended = await expireApproval(tx, id, now);
          if (ended === undefined) throw new EndedBefore();
          return ended;
        },
        entry: (ended) => ({
          body: entryOf('approval_expired', ended, { at: now, caller: expiringParty(ended), subjects: [] }),
          beside: {},
        }),
      })
      .catch((error: unknown) => {
        if (!(error instanceof EndedBefore)) throw error;
      });
  }
}
