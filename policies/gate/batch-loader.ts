/** Answers by key; absent keys have none. */
export type AskBatch<Value> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/**
 * Remembers what was asked: each key is asked once, all new keys of a call in one batch, also while
 * an earlier batch is still under way. A batch that failed stays failed: nobody retries unseen.
 */
export function memoizeBatch<Value>(ask: AskBatch<Value>): AskBatch<Value> {
  const asked = new Map<string, Promise<Value | undefined>>();
  return async (keys) => {
    const distinct = [...new Set(keys)];
    const fresh = distinct.filter((key) => !asked.has(key));
    if (fresh.length > 0) {
      const batch = ask(fresh);
      for (const key of fresh)
        asked.set(
          key,
          batch.then((values) => values.get(key)),
        );
    }
    const answers = await Promise.all(distinct.map(async (key) => ({ key, value: await asked.get(key) })));
    return new Map(answers.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])));
  };
}
