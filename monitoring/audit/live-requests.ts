import type { Appended } from './port.js';

/** Requests of this process whose intent is in a log and whose completion is still to come. */
export class LiveRequests {
  readonly #intents = new Map<string, Appended>();

  begin(requestId: string, intent: Appended): void {
    this.#intents.set(requestId, intent);
  }

  /** Its completion is in the log, or its caller was told that it may not be. */
  end(requestId: string): void {
    this.#intents.delete(requestId);
  }

  /** As they are now; what ends later still counts as live in it. */
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

  /** The first position of a log at which a live intent stands, or `through` when none stands before it. */
  firstLive(logId: string, through: number): number {
    const positions = [...this.#intents.values()].filter(({ log }) => log === logId).map(({ index }) => index);
    return positions.reduce((first, index) => Math.min(first, index), through);
  }
}
