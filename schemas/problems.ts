/** Several things are wrong at once. The message has each on a line of its own. */
export class SeveralProblems extends Error {
  readonly problems: readonly Error[];

  constructor(problems: readonly Error[]) {
    super(problems.map(({ message }) => message).join('\n'));
    this.name = 'SeveralProblems';
    this.problems = problems;
  }
}

/** Runs steps that do not depend on each other, and keeps what each of them throws, so that all problems are reported at once. */
export class Problems {
  readonly #found: Error[] = [];

  /** Returns what `work` returns, or undefined if it throws. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#keep(error);
      return undefined;
    }
  }

  /** The same for work that takes time. */
  async attemptAsync<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#keep(error);
      return undefined;
    }
  }

  /** Throws the only error as it was thrown, {@link SeveralProblems} if there are more. Returns if there is none. */
  throwIfAny(): void {
    if (this.#found.length > 0) throw this.error();
  }

  /** Returns the error to throw: the only one, or {@link SeveralProblems}. */
  error(): Error {
    const [only, ...more] = this.#found;
    return only !== undefined && more.length === 0 ? only : new SeveralProblems(this.#found);
  }

  #keep(error: unknown): void {
    if (error instanceof SeveralProblems) this.#found.push(...error.problems);
    else this.#found.push(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Returns `make` of each item. Throws only after it has tried all of them: the only error, or {@link SeveralProblems}. */
export function mapAll<Item, Made>(items: readonly Item[], make: (item: Item) => Made): readonly Made[] {
  const problems = new Problems();
  const made = items.map((item) => problems.attempt(() => ({ made: make(item) })));
  problems.throwIfAny();
  return made.flatMap((one) => (one === undefined ? [] : [one.made]));
}
