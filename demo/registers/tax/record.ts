import type { Income, PensionContribution, Taxpayer } from '../../country/model.js';

/** A taxpayer as the register of taxes sends it; incomes and contributions are lists of their own. */
export interface TaxpayerRecord {
  readonly iin: string;
  readonly status: string;
  readonly registered_on: string;
  readonly average_monthly_income: string;
  /** ISO instant. */
  readonly updated_at: string;
}

export interface IncomeRecord {
  readonly iin: string;
  readonly period: string;
  readonly amount: string;
  readonly currency: string;
  readonly employer: { readonly bin: string; readonly name: string };
}

export interface ContributionRecord {
  readonly iin: string;
  readonly period: string;
  readonly amount: string;
  readonly currency: string;
  readonly fund: string;
  readonly employer_bin: string;
}

/** `lastYear` are the twelve months over which the average is taken. */
export function taxpayerRecord(
  { iin, status, registeredOn, updatedAt, incomes }: Taxpayer,
  lastYear: readonly string[],
): TaxpayerRecord {
  const amounts = incomes.filter(({ month }) => lastYear.includes(month)).map(({ amount }) => Number(amount));
  const average = amounts.reduce((sum, amount) => sum + amount, 0) / lastYear.length;
  return {
    iin,
    status,
    registered_on: registeredOn,
    average_monthly_income: average.toFixed(2),
    updated_at: updatedAt,
  };
}

export function incomeRecord(iin: string, { month, amount, currency, employer }: Income): IncomeRecord {
  return { iin, period: month, amount, currency, employer: { bin: employer.bin, name: employer.name } };
}

export function contributionRecord(
  iin: string,
  { month, amount, currency, fund, employer }: PensionContribution,
): ContributionRecord {
  return { iin, period: month, amount, currency, fund, employer_bin: employer.bin };
}
