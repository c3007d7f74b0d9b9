import { Refusal } from '../../schemas/refusal.js';

/** Waiting work for each that runs; what comes on top is refused. */
const QUEUE_PER_RUNNING = 10;

/** Runs at most `limit` at once, in the order in which they came; refuses with `OVERLOADED` when too many wait. */
export function limitConcurrency(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  const enter = async (): Promise<void> => {
    if (running < limit) {
      running += 1;
      return;
    }
    if (waiting.length >= limit * QUEUE_PER_RUNNING) throw new Refusal('OVERLOADED');
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
