/** One item that waits for its commit. */
interface Waiting<Item, Done> {
  readonly item: Item;
  readonly resolve: (done: Done) => void;
  readonly reject: (reason: unknown) => void;
}

/** How one item of a batch ended. */
export type Settled<Done> = { readonly done: Done } | { readonly failed: unknown };

export interface BatcherOptions<Item, Done> {
  /** Maximum of items in one batch. */
  readonly maxBatch: number;
  /** Says that an item is a batch of its own. By default none is. */
  readonly isAlone?: (item: Item) => boolean;
  /** Maximum of waiting items. Beyond it, `add` rejects with `overflow`. */
  readonly maxWaiting: number;
  readonly overflow: () => Error;
  /** Commits a batch. Resolves with one result for each item, in order. If it rejects, the whole batch has failed. */
  readonly commit: (batch: readonly Item[]) => Promise<readonly Settled<Done>[]>;
}

/**
 * Commits in groups. One batch is in flight; items that arrive meanwhile go into the next batch, in
 * order of arrival. There is no timer: an idle log commits at once, a busy log in groups.
 */
export class Batcher<Item, Done> {
  readonly #options: BatcherOptions<Item, Done>;
  readonly #waiting: Waiting<Item, Done>[] = [];
  #running: Promise<void> | undefined;

  constructor(options: BatcherOptions<Item, Done>) {
    this.#options = options;
  }

  add(item: Item): Promise<Done> {
    if (this.#waiting.length >= this.#options.maxWaiting) return Promise.reject(this.#options.overflow());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // Waits for the end of this turn of the event loop, so that all items added in it share the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#flush(this.#waiting.splice(0, this.#nextBatch()));
    this.#running = undefined;
  }

  /** Returns how many of the items that wait go into the next batch: one that is alone, or all before such a one. */
  #nextBatch(): number {
    const { maxBatch, isAlone } = this.#options;
    if (isAlone === undefined) return maxBatch;
    const alone = this.#waiting.findIndex(({ item }) => isAlone(item));
    return alone === -1 ? maxBatch : Math.min(maxBatch, Math.max(alone, 1));
  }

  async #flush(batch: readonly Waiting<Item, Done>[]): Promise<void> {
    try {
      const settled = await this.#options.commit(batch.map(({ item }) => item));
      batch.forEach((waiting, position) => settle(waiting, settled[position]));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

function settle<Item, Done>({ resolve, reject }: Waiting<Item, Done>, settled: Settled<Done> | undefined): void {
  if (settled === undefined) reject(new Error('a batch answered for fewer items than it had'));
  else if ('done' in settled) resolve(settled.done);
  else reject(settled.failed);
}
