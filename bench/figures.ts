import { performance } from 'node:perf_hooks';

export type Ask = () => Promise<void>;

/** Milliseconds that each of `count` questions took, one after the other. */
export async function timed(ask: Ask, times: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const startedAt = performance.now();
    await ask();
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** In milliseconds. */
export interface Figures {
  readonly p50: number;
  readonly p99: number;
}

export function figures(taken: readonly number[]): Figures {
  const sorted = [...taken].sort((one, other) => one - other);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}
