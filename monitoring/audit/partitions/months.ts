/** A month in UTC, `2026-11`. */
export type Month = string;

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** Returns whether a text is a month. */
export function isMonth(text: string): text is Month {
  return MONTH.test(text);
}

/** Returns the month of a time. */
export function monthOf(time: Date): Month {
  return time.toISOString().slice(0, 7);
}

/** Returns the month this many months later, or earlier for a negative number. */
export function monthAfter(month: Month, months = 1): Month {
  const [, year, number] = MONTH.exec(month) ?? [];
  if (year === undefined || number === undefined) throw new RangeError(`not a month: ${month}`);
  return monthOf(new Date(Date.UTC(Number(year), Number(number) - 1 + months, 1)));
}

/** Returns when a month begins, ISO 8601, UTC. */
export function startOf(month: Month): string {
  return `${month}-01T00:00:00.000Z`;
}
