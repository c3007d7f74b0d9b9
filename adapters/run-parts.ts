/** What a part of a register call needs to be broken off. */
interface Cancellable {
  /** Aborted when the answer is no longer wanted. */
  readonly signal?: AbortSignal | undefined;
}

/** One part of a register call. It is given the call, with a signal that is aborted when another part fails. */
export type Part<Call, Result> = (call: Call) => Promise<Result>;

/**
 * Makes the parts of one register call, all at once, and returns their results in order. If one fails, the others are
 * cancelled: an answer that lacks a part is no answer. Rejects with the first failure in time, never with that of a
 * part that was cancelled because of it, and only after all parts have settled: nothing is left running.
 */
export async function runParts<Call extends Cancellable, Results extends readonly unknown[] | []>(
  call: Call,
  parts: { readonly [Place in keyof Results]: Part<Call, Results[Place]> },
): Promise<Results>;
export async function runParts<Call extends Cancellable>(
  call: Call,
  parts: readonly Part<Call, unknown>[],
): Promise<readonly unknown[]> {
  const [only] = parts;
  // Mostly there is only one.
  if (parts.length <= 1) return only === undefined ? [] : [await only(call)];
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  call.signal?.addEventListener('abort', onAbort, { once: true });
  if (call.signal?.aborted) onAbort();
  const failures: unknown[] = [];
  const results: unknown[] = [];
  const run = async (part: Part<Call, unknown>, place: number): Promise<void> => {
    try {
      results[place] = await part({ ...call, signal: stop.signal });
    } catch (error) {
      failures.push(error);
      stop.abort();
    }
  };
  await Promise.all(parts.map(run));
  call.signal?.removeEventListener('abort', onAbort);
  if (failures.length > 0) throw failures[0];
  return results;
}

/**
 * Makes the parts of one register call, at most `parallel` at once and in their order, and returns their results in order.
 * Fails like {@link runParts}: parts that were not begun never begin.
 */
export async function runInTurns<Call extends Cancellable, Result>(
  call: Call,
  parts: readonly Part<Call, Result>[],
  parallel: number,
): Promise<readonly Result[]> {
  if (parts.length <= parallel) return runParts(call, parts) as Promise<readonly Result[]>;
  const results: Result[] = [];
  let next = 0;
  const turn = async (own: Call): Promise<void> => {
    // A part that begins after another one has failed is cancelled by the signal of the call.
    for (let place = next++; ; place = next++) {
      const part = parts[place];
      if (part === undefined) return;
      results[place] = await part(own);
    }
  };
  await runParts(call, Array<typeof turn>(parallel).fill(turn));
  return results;
}
