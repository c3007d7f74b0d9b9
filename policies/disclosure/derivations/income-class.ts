import type { Derive } from '../port.js';

export type IncomeClass = 'NONE' | 'LOW' | 'MIDDLE' | 'HIGH';

/** The minimum monthly wage in tenge, set by the republic's budget law. Constant since 2024. */
const MINIMUM_WAGE = 85_000;

/** The average at which each class begins, highest first. */
const CLASSES: readonly { readonly from: number; readonly name: IncomeClass }[] = [
  { from: 7 * MINIMUM_WAGE, name: 'HIGH' },
  { from: 2 * MINIMUM_WAGE, name: 'MIDDLE' },
];

/**
 * Returns the class of income, from `averageMonthlyIncome` in tenge: NONE for 0, LOW below two minimum
 * wages, MIDDLE below seven, otherwise HIGH; null if the average is missing, negative or not a decimal.
 */
export const incomeClass: Derive = ({ averageMonthlyIncome: average }) => {
  if (typeof average !== 'string' || !/^\d{1,15}(\.\d{1,2})?$/.test(average)) return null;
  if (Number(average) === 0) return 'NONE';
  return CLASSES.find(({ from }) => Number(average) >= from)?.name ?? 'LOW';
};
