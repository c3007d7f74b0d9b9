/** Like `Promise.all`, but rejects only when nothing is running any more. */
export async function allOrNone<T>(running: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(running);
  return Promise.all(running);
}
