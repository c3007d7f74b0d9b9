/** Arithmetic on civil dates, `YYYY-MM-DD`; such texts compare in order of time. */
import type { SeededRandom } from './random.js';

const DAY_MS = 86_400_000;

/** The date at which the country, and the gateway's fact clock in the demo, stand still. */
export const FACT_DATE = '2026-03-02';

export function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day in another year; 29 February becomes 28 February. */
export function yearsAfter(date: string, years: number): string {
  const monthAndDay = date.slice(4) === '-02-29' ? '-02-28' : date.slice(4);
  return `${String(Number(date.slice(0, 4)) + years)}${monthAndDay}`;
}

/** Full years lived on `on`. */
export function ageOn(birthDate: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return on.slice(4) < birthDate.slice(4) ? years - 1 : years;
}

/** A date from `first` to `last`, both included; `first` when the range is empty. */
export function dateBetween(random: SeededRandom, first: string, last: string): string {
  const days = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS);
  return days <= 0 ? first : daysAfter(first, random.integer(0, days));
}

export function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

export function later(one: string, other: string): string {
  return one > other ? one : other;
}

/** The last full months before a date, `YYYY-MM`, newest first. */
export function fullMonthsBefore(date: string, count: number): string[] {
  const month = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
  return Array.from({ length: count }, (_, back) => monthText(month - 1 - back));
}

function monthText(months: number): string {
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
}
