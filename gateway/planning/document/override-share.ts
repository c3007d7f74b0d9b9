import { createHash } from 'node:crypto';

/**
 * Progressive `@override(label: "percent(25)")` sends a share of the questions to the field's new
 * register. Shares are percentages, 0 to below 100: a question whose share is below the label's
 * percentage asks the new register.
 */

/** Returns the shares that have a plan of their own, for labels with these percentages: the lowest share of each range between two percentages. */
export function distinctShares(percentages: readonly number[]): readonly number[] {
  return [...new Set([0, ...percentages.filter((percentage) => percentage > 0 && percentage < 100)])].sort(
    (one, other) => one - other,
  );
}

/** Returns the share to plan with instead of this one: all shares between two percentages have the same plan. */
export function plannedShare(share: number, shares: readonly number[]): number {
  return shares.reduce((lowest, one) => (one <= share ? one : lowest), 0);
}

/**
 * Returns the share of a question. Shares are spread evenly over questions. The same variables always
 * give the same share, so that a repeated question is answered by the same register. The document does
 * not matter, so that all documents about one person move together.
 */
export function shareOf(variables: Readonly<Record<string, unknown>>): number {
  const values = Object.keys(variables)
    .sort()
    .map((name) => variables[name]);
  return (createHash('sha256').update(JSON.stringify(values)).digest().readUInt32BE() / 2 ** 32) * 100;
}
