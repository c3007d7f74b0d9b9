/**
 * Whether two kinds of measurements can be told apart, without assuming how they are distributed. Both tests are
 * two-sided, with the normal approximation, corrected for ties and for continuity (Hollander, Wolfe and Chicken,
 * Nonparametric Statistical Methods, 3rd edition, sections 3.1 and 4.1). From about 20 measurements on.
 */
export interface RankTest {
  /** How likely a difference as large as this is if there is none: from 0 to 1. */
  readonly p: number;
  /**
   * The size of the difference: how likely one measurement of the first kind is greater than one of the second, equal
   * ones counted half. A half if there is none.
   */
  readonly effect: number;
}

/**
 * Wilcoxon's rank sum test (Mann and Whitney): two independent samples. p is 1 if all measurements are equal.
 *
 * @throws RangeError if a sample is empty.
 */
export function rankSumTest(first: readonly number[], second: readonly number[]): RankTest {
  if (first.length === 0 || second.length === 0) throw new RangeError('a sample is empty');
  const { ranks, ties } = ranked([...first, ...second]);
  const [m, n] = [first.length, second.length];
  const u = sum(ranks.slice(0, m)) - (m * (m + 1)) / 2;
  const all = m + n;
  const variance = ((m * n) / 12) * (all + 1 - ties / (all * (all - 1)));
  return { p: twoSided(u - (m * n) / 2, variance), effect: u / (m * n) };
}

/**
 * Wilcoxon's signed rank test: pairs that were measured one after the other, so that what disturbs both at once counts
 * for nothing. Pairs of equal measurements are left out of p, which is 1 if all are equal.
 *
 * @throws RangeError if there are no pairs, or one of them is not whole.
 */
export function signedRankTest(first: readonly number[], second: readonly number[]): RankTest {
  if (first.length === 0 || first.length !== second.length) throw new RangeError('the measurements are no pairs');
  const differences = first.map((one, position) => one - (second[position] ?? Number.NaN));
  const unequal = differences.filter((difference) => difference !== 0);
  const { ranks, ties } = ranked(unequal.map(Math.abs));
  const n = unequal.length;
  const positive = sum(ranks.filter((_, position) => (unequal[position] ?? 0) > 0));
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - ties / 48;
  const greater = differences.filter((difference) => difference > 0).length;
  return {
    p: twoSided(positive - (n * (n + 1)) / 4, variance),
    effect: (greater + (differences.length - n) / 2) / differences.length,
  };
}

/** Returns each value's rank from 1, equal ones sharing the mean of theirs, and the sum of t³ - t over the groups of t equal ones. */
function ranked(values: readonly number[]): { readonly ranks: readonly number[]; readonly ties: number } {
  const order = values.map((value, position) => ({ value, position })).sort((one, other) => one.value - other.value);
  const ranks = new Array<number>(values.length).fill(0);
  let ties = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (const { position } of order.slice(from, to)) ranks[position] = (from + 1 + to) / 2;
    const equal = to - from;
    ties += equal ** 3 - equal;
  }
  return { ranks, ties };
}

/** Returns the probability of a deviation from the mean that is at least as large, on either side. */
function twoSided(deviation: number, variance: number): number {
  if (variance === 0) return 1;
  const z = Math.max(0, Math.abs(deviation) - 0.5) / Math.sqrt(variance);
  return complementaryError(z / Math.SQRT2);
}

/** erfc for z >= 0, with a relative error below 1.2e-7 (Press and others, Numerical Recipes in C, 2nd edition, section 6.2). */
function complementaryError(z: number): number {
  const t = 1 / (1 + 0.5 * z);
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  return t * Math.exp(series.reduceRight((rest, factor) => factor + t * rest, 0) - z * z);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
