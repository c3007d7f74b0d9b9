/** Waits for `work`, but no longer than the limit: then `onLimit` is told and its error thrown. */
export async function withinLimit<T>(work: Promise<T>, limitMs: number, onLimit: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onLimit()), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
