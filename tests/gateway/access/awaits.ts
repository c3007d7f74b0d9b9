import { AsyncLocalStorage } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';

/** How often a piece of work went on after an `await`, and how it ended. */
export interface Awaited<T> {
  readonly awaits: number;
  readonly result: T;
}

/**
 * Runs `work` and calls `atAwait` immediately before it goes on after its `number`th await, of any function that it
 * called, for as long as it runs. Other work of the process does not count.
 */
export async function runAwaiting<T>(work: () => Promise<T>, number: number, atAwait: () => void): Promise<Awaited<T>> {
  const storage = new AsyncLocalStorage<true>();
  const own = new WeakSet<object>();
  let awaits = 0;
  const stop = promiseHooks.createHook({
    init: (promise) => {
      if (storage.getStore() === true) own.add(promise);
    },
    before: (promise) => {
      if (!own.has(promise)) return;
      awaits += 1;
      if (awaits === number) atAwait();
    },
  }) as () => void;
  try {
    const result = await storage.run(true, work);
    return { awaits, result };
  } finally {
    stop();
    storage.disable();
  }
}
