import type { Clock } from '../../../schemas/ports/clock.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { findLost, lostEntries, readDatabaseHead, type Lost } from './database-head.js';
import { mergeHeads, type Head } from './head.js';

/** What is known of the database beside the heads outside it. Only a `current` one may be asked for data. */
export type Standing =
  | { readonly kind: 'current' }
  /** No place that could be read has a head, and some could not be read: it is not known what the database should hold. */
  | { readonly kind: 'unreadable'; readonly places: readonly string[] }
  /** Every place was read, and none has a head. */
  | { readonly kind: 'no_head' }
  /** The database holds less than the newest head says. */
  | { readonly kind: 'behind'; readonly lost: Lost };

/** Says in one sentence what a standing means, and in another what to do about it. */
export function describeStanding(standing: Exclude<Standing, { kind: 'current' }>): string {
  switch (standing.kind) {
    case 'unreadable':
      return `No head of the state could be read (${standing.places.join(', ')}). Tereze waits until one of these places can be read.`;
    case 'no_head':
      return 'No place of state.anchor has a head. Run `tereze state init`.';
    case 'behind':
      return `${describeLost(standing.lost)} Restore a newer copy, or run \`tereze state accept-rollback --reason TEXT\`.`;
  }
}

function describeLost(lost: Lost): string {
  const { epoch, headEpoch, restrictions, headRestrictions, logs } = lost;
  if (epoch < headEpoch)
    return `The database has gone back in time: it is of epoch ${epoch}, and epoch ${headEpoch} was accepted since.`;
  return `The database has gone back in time: ${lostEntries(lost)} entries of ${logs.length} logs and ${Math.max(headRestrictions - restrictions, 0)} restrictions are missing.`;
}

/**
 * Compares the database with the newest head that is known: those read from the places, and what this process
 * has seen committed since. A smaller database has gone back in time, by a restored copy or by a failover that
 * lost commits.
 */
export class StandingCheck {
  readonly #clock: Clock;
  readonly #onChange: (standing: Standing) => void;
  #newest: Head | undefined;
  #standing: Standing = { kind: 'unreadable', places: [] };
  #isFirst = true;
  #seenAt: number;

  constructor(clock: Clock, onChange: (standing: Standing) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#seenAt = clock.monotonic();
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** The newest head that is known; undefined before any was read. */
  get newest(): Head | undefined {
    return this.#newest;
  }

  /** Milliseconds since the database was last compared. */
  get ageMs(): number {
    return this.#clock.monotonic() - this.#seenAt;
  }

  /** Takes over what a head of a place says. It counts from the next comparison on. */
  learn(head: Head): void {
    this.#newest = this.#newest === undefined ? head : mergeHeads(this.#newest, head);
  }

  /** Notes that there is no head to compare with. What has been compared once stays compared. */
  withoutHead(standing: Extract<Standing, { kind: 'unreadable' | 'no_head' }>): void {
    if (this.#newest === undefined) this.#set(standing);
  }

  /** Compares the database, and resolves with what it holds. Rejects if it cannot be asked; then the standing stays. */
  async compare(sql: SqlExecutor): Promise<Head> {
    // Read before the database: what is compared had committed before the database was asked.
    const newest = this.#newest;
    const database = await readDatabaseHead(sql);
    if (newest === undefined) return database;
    const lost = await findLost(sql, database, newest);
    if (lost === undefined) this.learn(database);
    this.#set(lost === undefined ? { kind: 'current' } : { kind: 'behind', lost });
    return database;
  }

  /**
   * Compares what a new connection leads to. Resolves with whether it may be used for data. It never makes a standing
   * better: another connection may still lead to a server that is behind.
   */
  async admits(sql: SqlExecutor): Promise<boolean> {
    const newest = this.#newest;
    if (newest === undefined) return false;
    const lost = await findLost(sql, await readDatabaseHead(sql), newest);
    if (lost !== undefined) this.#set({ kind: 'behind', lost });
    return this.#standing.kind === 'current';
  }

  #set(standing: Standing): void {
    this.#seenAt = this.#clock.monotonic();
    const isNew = standing.kind !== this.#standing.kind || this.#isFirst;
    this.#isFirst = false;
    this.#standing = standing;
    if (isNew) this.#onChange(standing);
  }
}
