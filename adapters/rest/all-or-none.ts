/** Like `Promise.all`, but rejects only when nothing is running any more. */
export async function allOrNone<T>(running: readonly Promise<T>[]): Promise<readonly T[]> {
  const [only] = running;
  // Mostly there is one, which needs no others to be waited for.
  if (running.length <= 1) return only === undefined ? [] : [await only];
  await Promise.allSettled(running);
  return Promise.all(running);
}
