/** Loads the values of these keys. A key without a value is absent from the answer. */
export type LoadBatch<Value> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/**
 * Returns a loader that remembers every key. Each key is loaded once; all new keys of a call are loaded
 * in one batch, also while an earlier batch is in progress. The keys of a failed batch stay failed: no
 * call retries them.
 */
export function batchLoader<Value>(load: LoadBatch<Value>): LoadBatch<Value> {
  const batches = new Map<string, Promise<ReadonlyMap<string, Value>>>();
  return async (keys) => {
    const distinct = [...new Set(keys)];
    const fresh = distinct.filter((key) => !batches.has(key));
    if (fresh.length > 0) {
      const batch = load(fresh);
      for (const key of fresh) batches.set(key, batch);
    }
    const asked = [...new Set(distinct.flatMap((key) => batches.get(key) ?? []))];
    const answers = await Promise.all(asked);
    // Mostly every key is new, and the answer is that of their batch.
    const [only] = answers;
    if (asked.length === 1 && only !== undefined && fresh.length === distinct.length) return only;
    const found = new Map<string, Value>();
    for (const [place, values] of answers.entries()) {
      if (values.size === 0) continue;
      for (const key of distinct) {
        const value = batches.get(key) === asked[place] ? values.get(key) : undefined;
        if (value !== undefined) found.set(key, value);
      }
    }
    return found;
  };
}
