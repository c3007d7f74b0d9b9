/** One thing waiting to be committed. */
interface Waiting<Item, Done> {
  readonly item: Item;
  readonly resolve: (done: Done) => void;
  readonly reject: (reason: unknown) => void;
}

/** What became of one item of a batch. */
export type Settled<Done> = { readonly done: Done } | { readonly failed: unknown };

export interface BatcherOptions<Item, Done> {
  /** Items in one batch at most. */
  readonly maxBatch: number;
  /** Items waiting at most; beyond it `overflow` rejects. */
  readonly maxWaiting: number;
  readonly overflow: () => Error;
  /** Commits a batch; one result for each item, in order. Rejecting fails the whole batch. */
  readonly commit: (batch: readonly Item[]) => Promise<readonly Settled<Done>[]>;
}

/**
 * Group commit: one batch in flight; what arrives meanwhile goes into the next, in order of arrival.
 * No timer: an idle log commits at once, a busy one in groups.
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
    // One turn of the event loop, so that everybody who asks in this one shares the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#flush(this.#waiting.splice(0, this.#options.maxBatch));
    this.#running = undefined;
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
