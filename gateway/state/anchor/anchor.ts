import type { OutsideCheckpoint, OutsideCheckpoints } from '../../../monitoring/audit/checkpoints/outside.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { Fence } from '../../../schemas/ports/restrictions.js';
import type { Sql, SqlExecutor } from '../../../schemas/ports/sql.js';
import { withDeadline } from '../../../schemas/with-deadline.js';
import { readRestrictions } from '../restrictions.js';
import { AnchorTexts } from './anchor-texts.js';
import { EMPTY_HEAD, type Head } from './head.js';
import { PlaceKeeper } from './place-keeper.js';
import { faultOf, PlaceFailure, type Place, type PlaceFault } from './place.js';
import type { Signer } from './signed.js';
import { describeStanding, StandingCheck, type Standing } from './standing.js';

export interface AnchorOptions {
  readonly places: readonly Place[];
  readonly signer: Signer;
  readonly clock: Clock;
  readonly observer: Observer;
  /** Where no place has a head, the database is taken as it is: in a demo only. */
  readonly initialisesItself: boolean;
  /** Longest wait of `fence`, in milliseconds. */
  readonly fenceMs: number;
}

/** How often the places are brought up to date, in milliseconds. */
const EVERY_MS = 1_000;
/** After how many rounds a place is read again although nothing was written to it. */
const REREAD_TICKS = 5;

interface Kept {
  readonly keeper: PlaceKeeper;
  /** Why the place could not be used when last tried; `untried` before that. */
  fault: PlaceFault | 'untried' | undefined;
  /** Restrictions through this number are synced in the place. */
  through: number;
  /** Restrictions above this number must come into the journal of the place, also if its head cannot be written. */
  journalAfter: number | undefined;
  /** Whether what the place holds need not be read again. */
  isRemembered: boolean;
  /** Brings the place up to date once; resolves when a run that began after the call has ended. */
  readonly run: () => Promise<void>;
}

/**
 * Keeps the signed head and the journal of restrictions outside the database, in one or more places, and notices a
 * database that has gone back in time.
 *
 * Each place is kept by itself, so that a slow one delays no other. A place that cannot be written is an alarm;
 * it is tried again every second and then gets all that it lacks.
 */
export class Anchor implements Fence, OutsideCheckpoints {
  readonly #options: AnchorOptions;
  readonly #check: StandingCheck;
  readonly #kept: readonly Kept[];
  readonly #listeners: ((standing: Standing) => void)[] = [];
  /** By name of the log, the last checkpoint that the signer of this process has checked. */
  readonly #checkpoints = new Map<string, OutsideCheckpoint>();
  #sql: Sql | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;

  constructor(options: AnchorOptions) {
    this.#options = options;
    this.#check = new StandingCheck(options.clock, (standing) => this.#changed(standing));
    this.#kept = options.places.map((place) => {
      const kept: Kept = {
        keeper: new PlaceKeeper(new AnchorTexts(place, options.signer)),
        fault: 'untried',
        through: 0,
        journalAfter: undefined,
        isRemembered: true,
        run: coalesced(() => this.#keep(kept)),
      };
      return kept;
    });
  }

  get standing(): Standing {
    return this.#check.standing;
  }

  /** Logs that are known to have entries, by the heads of the places that were read. */
  knownLogs(): readonly string[] {
    return [...(this.#check.newest?.logs.keys() ?? [])];
  }

  /** What readiness shows: whether the database is current, and how long ago it was compared, in milliseconds. */
  lastSeen(): { readonly ok: boolean; readonly ageMs: number } {
    return { ok: this.standing.kind === 'current', ageMs: this.#check.ageMs };
  }

  /** Calls a listener whenever the standing changes. */
  onStanding(listener: (standing: Standing) => void): void {
    this.#listeners.push(listener);
  }

  /** Reads all places once, within the limit of each. Called before the database is opened. Never rejects. */
  async readPlaces(): Promise<void> {
    await Promise.all(this.#kept.map((kept) => this.#read(kept)));
    this.#judgePlaces();
  }

  /** Resolves with whether a new connection of this database may be used for data. Rejects if it cannot be asked. */
  admits(sql: SqlExecutor): Promise<boolean> {
    return this.#check.admits(sql);
  }

  /**
   * Compares the database, brings the places up to date, and goes on so every second. Resolves when the database was
   * compared once; rejects if it cannot be asked.
   *
   * @param sql connections on which nothing but the standing depends.
   */
  async start(sql: Sql): Promise<void> {
    this.#sql = sql;
    await this.#check.compare(sql);
    await Promise.all(this.#kept.map(({ run }) => run()));
    this.#timer = setInterval(() => void this.#tick(), EVERY_MS);
    this.#timer.unref();
  }

  async fence(number: number): Promise<{ readonly fenced: boolean }> {
    const fencing = this.#kept.map(async (kept) => {
      mustJournal(kept, number - 1);
      await kept.run();
      return kept.through >= number;
    });
    return { fenced: await withDeadline(anyOf(fencing), this.#options.fenceMs, () => false) };
  }

  last(log: string): OutsideCheckpoint | undefined {
    return this.#check.newest?.checkpoints.get(log);
  }

  async keep(checkpoints: ReadonlyMap<string, OutsideCheckpoint>): Promise<boolean> {
    for (const [log, checkpoint] of checkpoints) this.#checkpoints.set(log, checkpoint);
    const keeping = this.#kept.map(async (kept) => {
      await kept.run();
      const held = kept.fault === undefined ? kept.keeper.held?.value.checkpoints : undefined;
      return [...checkpoints].every(([log, { size }]) => (held?.get(log)?.size ?? 0) >= size);
    });
    return withDeadline(anyOf(keeping), this.#options.fenceMs, () => false);
  }

  canFence(): boolean {
    return this.standing.kind === 'current' && this.#kept.some(({ fault }) => fault === undefined);
  }

  /** Brings the places up to date a last time, and ends. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#sql !== undefined) await this.#tick();
    for (const place of this.#options.places) place.close();
  }

  #tick(): Promise<unknown> {
    this.#ticks += 1;
    // What a place holds is remembered. That it can still be reached, and holds nothing else, must be seen.
    if (this.#ticks % REREAD_TICKS === 0) for (const kept of this.#kept) kept.isRemembered = false;
    return Promise.all(this.#kept.map(({ run }) => run()));
  }

  async #read(kept: Kept): Promise<boolean> {
    try {
      if (!kept.isRemembered) kept.keeper.forget();
      kept.isRemembered = true;
      const { value, version } = await kept.keeper.read();
      if (version !== undefined) this.#check.learn(value);
      this.#note(kept, undefined);
      return true;
    } catch (error) {
      this.#note(kept, faultOf(error));
      return false;
    }
  }

  /** Says what it means that no head is known, if none is. */
  #judgePlaces(): void {
    if (this.#check.newest !== undefined) return;
    const unread = this.#kept.filter(({ keeper }) => keeper.held === undefined).map(({ keeper }) => keeper.name);
    if (unread.length < this.#kept.length && this.#options.initialisesItself) this.#check.learn(EMPTY_HEAD);
    else this.#check.withoutHead(unread.length === 0 ? { kind: 'no_head' } : { kind: 'unreadable', places: unread });
  }

  /** One run for one place. Never rejects. */
  async #keep(kept: Kept): Promise<void> {
    const sql = this.#sql;
    if (sql === undefined || !(await this.#read(kept))) return;
    this.#judgePlaces();
    const database = await this.#compare(sql);
    if (database === undefined) return;
    try {
      await this.#write(kept, database, sql);
      const { held } = kept.keeper;
      if (held?.version !== undefined) this.#check.learn(held.value);
      this.#note(kept, undefined);
    } catch (error) {
      if (error instanceof PlaceFailure) this.#note(kept, error.fault);
      else this.#options.observer.log('warn', 'anchor_journal_not_read', { place: kept.keeper.name });
    }
  }

  async #compare(sql: Sql): Promise<Head | undefined> {
    try {
      return await this.#check.compare(sql);
    } catch {
      // The log and readiness tell of a database that does not answer.
      return undefined;
    }
  }

  async #write(kept: Kept, database: Head, sql: Sql): Promise<void> {
    const { keeper } = kept;
    if (this.standing.kind === 'current') {
      const epochStarts = this.#check.newest?.epochStarts ?? database.epochStarts;
      await keeper.write({ ...database, epochStarts, checkpoints: this.#checkpoints }, (after) =>
        readRestrictions(sql, after),
      );
      if (kept.journalAfter !== undefined && kept.journalAfter < database.restrictions) kept.journalAfter = undefined;
      kept.through = database.restrictions;
    } else if (this.standing.kind === 'behind' && kept.journalAfter !== undefined) {
      const after = kept.journalAfter;
      kept.journalAfter = undefined;
      try {
        await keeper.writeBeyond(await readRestrictions(sql, after));
        kept.through = database.restrictions;
      } catch (error) {
        mustJournal(kept, after);
        throw error;
      }
    }
  }

  /** Logs only what changes: a place that stays unreachable is one line. */
  #note(kept: Kept, fault: PlaceFault | undefined): void {
    const { observer } = this.#options;
    const { name } = kept.keeper;
    observer.count('tereze_anchor_rounds_total', { place: name, outcome: fault ?? 'ok' });
    if (fault !== undefined && fault !== kept.fault)
      observer.log('error', 'anchor_place_failed', { place: name, fault });
    if (fault === undefined && kept.fault !== undefined && kept.fault !== 'untried')
      observer.log('info', 'anchor_place_restored', { place: name });
    kept.fault = fault;
  }

  #changed(standing: Standing): void {
    const { observer } = this.#options;
    if (standing.kind === 'current') observer.log('info', 'state_current');
    else observer.log('error', 'state_refused', { standing: standing.kind, reason: describeStanding(standing) });
    for (const listener of this.#listeners) listener(standing);
  }
}

function mustJournal(kept: Kept, after: number): void {
  kept.journalAfter = Math.min(kept.journalAfter ?? after, after);
}

/** Resolves with true as soon as one does, with false when none did. */
function anyOf(outcomes: readonly Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve) => {
    for (const outcome of outcomes)
      void outcome.then(
        (isSo) => isSo && resolve(true),
        () => undefined,
      );
    void Promise.allSettled(outcomes).then(() => resolve(false));
  });
}

/**
 * Returns a function that runs `work`, one run at a time. A call resolves when a run that began after it has ended;
 * calls that wait share a run.
 */
function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    const run = work().finally(() => {
      if (running === run) running = undefined;
    });
    return (running = run);
  };
  return () => {
    if (running === undefined) return start();
    next ??= running.then(() => {
      next = undefined;
      return start();
    });
    return next;
  };
}
