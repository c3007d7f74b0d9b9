import { figures } from '../figures.js';

/** What one piece of work took. */
export interface Cost {
  readonly ms: number;
  /** CPU of this process, in milliseconds. */
  readonly cpuMs: number;
}

/** Resolves with what a piece of work took. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

/** Does each piece of work in turns, each round the other way around, and resolves with the costs of all rounds by name. */
export async function interleaved<Name extends string>(
  works: Readonly<Record<Name, () => Promise<unknown>>>,
  rounds: number,
): Promise<Readonly<Record<Name, readonly Cost[]>>> {
  const names = Object.keys(works) as Name[];
  const costs = Object.fromEntries(names.map((name) => [name, [] as Cost[]])) as Record<Name, Cost[]>;
  for (let round = 0; round < rounds; round += 1)
    for (const name of round % 2 === 0 ? names : [...names].reverse()) costs[name].push(await costOf(works[name]));
  return costs;
}

/** Returns the median of a figure of some rounds. */
export function median(costs: readonly Cost[], of: keyof Cost): number {
  return figures(costs.map((cost) => cost[of])).p50;
}

/** Returns the median of the ratios of each round, with the least and the greatest: `1.20 (1.10 to 1.31)`. */
export function ratioText(costs: readonly Cost[], reference: readonly Cost[], of: keyof Cost): string {
  const ratios = costs.map((cost, round) => cost[of] / (reference[round]?.[of] ?? Number.NaN));
  const sorted = [...ratios].sort((one, other) => one - other);
  return `${figures(ratios).p50.toFixed(2)} (${sorted[0]?.toFixed(2)} to ${sorted.at(-1)?.toFixed(2)})`;
}
