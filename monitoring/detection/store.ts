import type { Counted, Opening } from './counted.js';
import { overlap } from './windows.js';

/** What is known of members and groups before a page of entries is counted. */
export interface CountedBefore {
  /** Keys of the members that were not counted before, and are now. */
  readonly added: ReadonlySet<string>;
  /** By the key of a group in a window: how many members it had. Absent: none. */
  readonly members: ReadonlyMap<string, number>;
}

/** A group that reached the threshold of its rule in a window. */
export interface Raised {
  /** The one that reached it, or that was counted first after it had been reached. */
  readonly counted: Counted;
  readonly count: number;
  readonly threshold: number;
}

/**
 * What detection keeps while it counts.
 *
 * Contract: what is kept in one use of a store is kept as a whole or not at all. A member counts once, however often it is
 * given. A group that raised an alert raises no other in that window, nor in one that overlaps it.
 */
export interface DetectionStore {
  /** Keeps openings. Resolves with all that are kept for these keys, in any order. */
  open(openings: readonly Opening[], keys: readonly string[]): Promise<readonly Opening[]>;
  /** Keeps members. Resolves with what was known of them and of their groups. */
  count(members: readonly Counted[]): Promise<CountedBefore>;
  /** Keeps how many members groups have now. */
  keep(groups: readonly GroupCount[]): Promise<void>;
  /** Keeps alerts that are to be written. Resolves with how many of them had not been raised. */
  raise(raised: readonly Raised[]): Promise<number>;
}

export interface GroupCount {
  readonly key: string;
  readonly members: number;
  /** End of the window, in milliseconds of the epoch. */
  readonly until: number;
}

/** A store in memory, for the cases of rules. */
export class MemoryStore implements DetectionStore {
  readonly raised: Raised[] = [];
  readonly #openings: Opening[] = [];
  readonly #members = new Set<string>();
  readonly #groups = new Map<string, number>();

  async open(openings: readonly Opening[], keys: readonly string[]): Promise<readonly Opening[]> {
    this.#openings.push(...openings);
    return this.#openings.filter(({ key }) => keys.includes(key));
  }

  async count(members: readonly Counted[]): Promise<CountedBefore> {
    const added = new Set<string>();
    for (const { memberKey } of members) {
      if (this.#members.has(memberKey)) continue;
      this.#members.add(memberKey);
      added.add(memberKey);
    }
    return { added, members: new Map(this.#groups) };
  }

  async keep(groups: readonly GroupCount[]): Promise<void> {
    for (const { key, members } of groups) this.#groups.set(key, members);
  }

  async raise(raised: readonly Raised[]): Promise<number> {
    const before = this.raised.length;
    for (const one of raised) {
      const { rule, groupKey, window } = one.counted;
      const isRaised = this.raised.some(
        ({ counted }) =>
          counted.rule.name === rule.name && counted.groupKey === groupKey && overlap(counted.window, window),
      );
      if (!isRaised) this.raised.push(one);
    }
    return this.raised.length - before;
  }
}
