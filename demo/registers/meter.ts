/** What a register was asked, counted at the register itself. */
export interface Stats {
  readonly calls: number;
  /** Different persons asked about. */
  readonly subjects: number;
  readonly byOperation: Readonly<Record<string, number>>;
}

/** Counts calls, whether they are answered or not, and the different persons that they ask about. */
export class Meter {
  #calls = 0;
  readonly #subjects = new Set<string>();
  readonly #byOperation = new Map<string, number>();

  count(operation: string, subjects: readonly string[]): void {
    this.#calls += 1;
    this.#byOperation.set(operation, (this.#byOperation.get(operation) ?? 0) + 1);
    for (const subject of subjects) this.#subjects.add(subject);
  }

  stats(): Stats {
    return { calls: this.#calls, subjects: this.#subjects.size, byOperation: Object.fromEntries(this.#byOperation) };
  }

  /** The different persons that calls asked about. Not among the stats, which a control port hands out. */
  people(): readonly string[] {
    return [...this.#subjects];
  }

  reset(): void {
    this.#calls = 0;
    this.#subjects.clear();
    this.#byOperation.clear();
  }
}
