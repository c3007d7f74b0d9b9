/** Like `Promise.all`, but rejects only after all have settled, so that nothing is left running. */
export async function allOrNone<T>(running: readonly Promise<T>[]): Promise<readonly T[]> {
  const [only] = running;
  // Mostly there is only one.
  if (running.length <= 1) return only === undefined ? [] : [await only];
  await Promise.allSettled(running);
  return Promise.all(running);
}
