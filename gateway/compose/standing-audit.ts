import type { Audit } from '../../monitoring/audit/open-audit.js';
import {
  AuditUnavailable,
  type Appended,
  type AppendedChange,
  type AuditLog,
  type StateChange,
} from '../../monitoring/audit/port.js';
import type { EntryDraft } from '../../monitoring/audit/entries.js';
import type { Observer } from '../../schemas/ports/observer.js';

/** What an audit log offers to the rest of the gateway. */
export type AuditUse = Pick<Audit, 'countRefusal' | 'flushRefusals' | 'close'> & { readonly log: AuditLog };

export interface StandingAuditOptions {
  readonly isCurrent: () => boolean;
  /** Opens the log of a current database, or of one that is refused. Rejects, and leaves nothing open, if it cannot. */
  readonly open: (database: 'current' | 'refused') => Promise<Audit>;
  readonly observer: Observer;
}

/** Time after which a log that could not be opened is tried again, in milliseconds. */
const AGAIN_MS = 1_000;

interface Active {
  readonly database: 'current' | 'refused';
  readonly audit: Audit;
}

/**
 * The audit log of a gateway whose database may be refused. Entries about a refused database (refusals, withdrawals) go
 * into a log that no entry was ever in, because other entries may have had the next positions of the usual one. No
 * answered question is recorded there.
 */
export class StandingAudit implements AuditUse {
  readonly log: AuditLog;
  readonly #options: StandingAuditOptions;
  #active: Active;
  #switching: Promise<void> | undefined;
  #isClosed = false;

  private constructor(options: StandingAuditOptions, active: Active) {
    this.#options = options;
    this.#active = active;
    this.log = {
      append: (draft, more) => this.#append(draft, more),
      appendChange: (change) => this.#appendChange(change),
      lastSeen: () => this.#active.audit.log.lastSeen(),
      close: () => this.close(),
    };
  }

  static async open(options: StandingAuditOptions): Promise<StandingAudit> {
    const database = options.isCurrent() ? 'current' : 'refused';
    return new StandingAudit(options, { database, audit: await options.open(database) });
  }

  /** Uses the log that fits the standing of the database from now on. Resolves when it is in use, or closed. */
  follow(): Promise<void> {
    return (this.#switching ??= this.#switch().finally(() => (this.#switching = undefined)));
  }

  countRefusal(refusal: Parameters<Audit['countRefusal']>[0]): void {
    this.#active.audit.countRefusal(refusal);
  }

  flushRefusals(): Promise<void> {
    return this.#active.audit.flushRefusals();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#switching;
    await this.#active.audit.close();
  }

  async #append(draft: EntryDraft, options: Parameters<AuditLog['append']>[1]): Promise<Appended> {
    const { kind } = draft.body;
    // A question that was allowed before the database was refused: nothing of it is released.
    if (kind === 'completion' && this.#mine !== 'current') throw new AuditUnavailable({ cause: 'database refused' });
    return this.#fitting().log.append(draft, options);
  }

  async #appendChange<Result>(change: StateChange<Result>): Promise<AppendedChange<Result>> {
    return this.#fitting().log.appendChange(change);
  }

  get #mine(): Active['database'] {
    return this.#options.isCurrent() ? 'current' : 'refused';
  }

  /** The log in use, unless the standing has changed and the other one is not open yet. */
  #fitting(): Audit {
    if (this.#active.database !== this.#mine) throw new AuditUnavailable({ cause: 'the log is being replaced' });
    return this.#active.audit;
  }

  async #switch(): Promise<void> {
    while (!this.#isClosed && this.#active.database !== this.#mine) {
      const database = this.#mine;
      const before = this.#active.audit;
      const audit = await this.#options.open(database).catch(() => undefined);
      if (audit === undefined) {
        this.#options.observer.log('warn', 'audit_log_not_opened', { database });
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
        continue;
      }
      this.#active = { database, audit };
      await before.close().catch(() => undefined);
    }
  }
}
