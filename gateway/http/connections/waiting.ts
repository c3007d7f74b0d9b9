/** One of those that wait: where it comes from, and since when. */
export interface Waiting {
  /** The name of its source; undefined if no limit by source applies. */
  readonly source: string | undefined;
  /** Monotonic milliseconds. Never less than that of any added before. */
  readonly since: number;
}

export interface WaitingLimits {
  readonly total: number;
  readonly perSource: number;
  /** None gives way before it has waited this long, in milliseconds: what it sent may be here and not read yet. */
  readonly graceMs: number;
}

/**
 * Those that wait to deliver, in the order in which they began to, with a limit in total and for each
 * source. It says who must give way: always one that has waited longest, of the same source if that
 * has too many.
 */
export class WaitingBudget<W extends Waiting> {
  readonly #limits: WaitingLimits;
  readonly #all = new Set<W>();
  readonly #bySource = new Map<string, Set<W>>();
  /** Sources that have more than their limit. */
  readonly #crowded = new Set<string>();

  constructor(limits: WaitingLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#all.size;
  }

  add(one: W): void {
    this.#all.add(one);
    if (one.source === undefined) return;
    const ofSource = this.#bySource.get(one.source) ?? new Set();
    ofSource.add(one);
    this.#bySource.set(one.source, ofSource);
    if (ofSource.size > this.#limits.perSource) this.#crowded.add(one.source);
  }

  /** Removes one that delivered or is gone. Does nothing if it is not there. */
  delete(one: W): void {
    if (!this.#all.delete(one) || one.source === undefined) return;
    const ofSource = this.#bySource.get(one.source);
    ofSource?.delete(one);
    if (ofSource?.size === 0) this.#bySource.delete(one.source);
    if ((ofSource?.size ?? 0) <= this.#limits.perSource) this.#crowded.delete(one.source);
  }

  /** Removes and returns all that must give way at this time, so that no limit is exceeded by any that had its grace. */
  takeExcess(now: number): readonly W[] {
    const taken: W[] = [];
    const latest = now - this.#limits.graceMs;
    for (const source of [...this.#crowded])
      this.#takeFrom(this.#bySource.get(source), this.#limits.perSource, latest, taken);
    this.#takeFrom(this.#all, this.#limits.total, latest, taken);
    return taken;
  }

  /** Removes and returns the one that has waited longest, also within its grace; never `newcomer`. */
  takeOldest(newcomer: W): W | undefined {
    for (const one of this.#all) {
      if (one === newcomer) continue;
      this.delete(one);
      return one;
    }
    return undefined;
  }

  #takeFrom(set: ReadonlySet<W> | undefined, limit: number, latest: number, taken: W[]): void {
    for (const one of set ?? []) {
      if ((set?.size ?? 0) <= limit || one.since > latest) return;
      this.delete(one);
      taken.push(one);
    }
  }
}
