import type { Derive } from '../port.js';

export type IncomeClass = 'NONE' | 'LOW' | 'MIDDLE' | 'HIGH';

/** The least monthly wage in tenge, set by the republic's budget law; constant since 2024. */
const MINIMUM_WAGE = 85_000;

/** From which average a class counts, highest first. */
const CLASSES: readonly { readonly from: number; readonly name: IncomeClass }[] = [
  { from: 7 * MINIMUM_WAGE, name: 'HIGH' },
  { from: 2 * MINIMUM_WAGE, name: 'MIDDLE' },
];

/**
 * Class of income, from `averageMonthlyIncome` in tenge: NONE for 0, LOW below two minimum wages,
 * MIDDLE below seven, else HIGH; null without an average, for a negative one and for what is no decimal.
 */
export const incomeClass: Derive = ({ averageMonthlyIncome: average }) => {
  if (typeof average !== 'string' || !/^\d{1,15}(\.\d{1,2})?$/.test(average)) return null;
  if (Number(average) === 0) return 'NONE';
  return CLASSES.find(({ from }) => Number(average) >= from)?.name ?? 'LOW';
};
