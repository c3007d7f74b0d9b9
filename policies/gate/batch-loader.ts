/** Loads the values of these keys. A key without a value is absent from the answer. */
export type LoadBatch<Value> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/**
 * Returns a loader that remembers every key. Each key is loaded once; all new keys of a call are loaded
 * in one batch, also while an earlier batch is in progress. The keys of a failed batch stay failed: no
 * call retries them.
 */
export function batchLoader<Value>(load: LoadBatch<Value>): LoadBatch<Value> {
  const loaded = new Map<string, Promise<Value | undefined>>();
  return async (keys) => {
    const distinct = [...new Set(keys)];
    const fresh = distinct.filter((key) => !loaded.has(key));
    if (fresh.length > 0) {
      const batch = load(fresh);
      for (const key of fresh)
        loaded.set(
          key,
          batch.then((values) => values.get(key)),
        );
    }
    const entries = await Promise.all(distinct.map(async (key) => ({ key, value: await loaded.get(key) })));
    return new Map(entries.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])));
  };
}
