import type { Appended } from '../port.js';

/** The requests of this process whose intent is in a log and whose completion is not yet written. */
export class LiveRequests {
  readonly #intents = new Map<string, Appended>();

  begin(requestId: string, intent: Appended): void {
    this.#intents.set(requestId, intent);
  }

  /** Ends a request: its completion is in the log, or the append of the completion was rejected. */
  end(requestId: string): void {
    this.#intents.delete(requestId);
  }

  /** Returns the live requests of now. A request that ends later stays live in the snapshot. */
  snapshot(): LiveSnapshot {
    return new LiveSnapshot(new Map(this.#intents));
  }
}

export class LiveSnapshot {
  readonly #intents: ReadonlyMap<string, Appended>;

  constructor(intents: ReadonlyMap<string, Appended>) {
    this.#intents = intents;
  }

  has(requestId: string): boolean {
    return this.#intents.has(requestId);
  }

  /** Returns the first position of a live intent in a log, or `through` if there is none before it. */
  firstLive(logId: string, through: number): number {
    const positions = [...this.#intents.values()].filter(({ log }) => log === logId).map(({ index }) => index);
    return positions.reduce((first, index) => Math.min(first, index), through);
  }
}
