import { createHash } from 'node:crypto';

/**
 * Progressive `@override(label: "percent(25)")` sends a share of the questions to the field's new
 * register. Shares are percentages, 0 to below 100: a question whose share is below the label's
 * percentage asks the new register.
 */

/** Every share that makes a plan of its own, for labels with these percentages: the lowest of its kind. */
export function distinctShares(percentages: readonly number[]): readonly number[] {
  return [...new Set([0, ...percentages.filter((percentage) => percentage > 0 && percentage < 100)])].sort(
    (one, other) => one - other,
  );
}

/** The share that is planned with in place of this one: all between two percentages have one plan. */
export function plannedShare(share: number, shares: readonly number[]): number {
  return shares.reduce((lowest, one) => (one <= share ? one : lowest), 0);
}

/**
 * The share of a question, spread evenly over questions and the same for the same one: whoever asks
 * again is answered by the same register. By what is asked about, so that all documents about one
 * person move together.
 */
export function shareOf(variables: Readonly<Record<string, unknown>>): number {
  const values = Object.keys(variables)
    .sort()
    .map((name) => variables[name]);
  return (createHash('sha256').update(JSON.stringify(values)).digest().readUInt32BE() / 2 ** 32) * 100;
}
