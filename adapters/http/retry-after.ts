const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';

/** The three forms of an HTTP-date (RFC 9110, section 5.6.7): the preferred one, and two that must be read too. */
const HTTP_DATES: readonly RegExp[] = [
  new RegExp(`^${DAY}, (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`),
  new RegExp(`^${DAY} ${MONTH} (?<day>\\d{2}| \\d) ${TIME} (?<year>\\d{4})$`),
];

/** More than thirty years. A longer time is cut to this. */
const MAX_SECONDS = 999_999_999;

/**
 * Returns the milliseconds that a `Retry-After` header asks to wait, counted from `now` (RFC 9110, section 10.2.3:
 * seconds, or a date). Returns 0 for a date in the past, and undefined for any other value.
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Math.min(Number(header), MAX_SECONDS) * 1000;
  const at = httpDateMs(header, now);
  return at === undefined ? undefined : Math.max(0, at - now.getTime());
}

function httpDateMs(text: string, now: Date): number | undefined {
  const parts = HTTP_DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return undefined;
  const { year = '', month = '', day, hour, minute, second } = parts;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  // Second 60 is a leap second.
  if (h > 23 || m > 59 || s > 60) return undefined;
  const monthIndex = MONTHS.indexOf(month);
  const dayOfMonth = Number(day);
  const at = (fullYear: number): number => Date.UTC(fullYear, monthIndex, dayOfMonth, h, m, s);
  const fullYear = year.length === 4 ? Number(year) : nearestYear(Number(year), at, now);
  const isDay = new Date(Date.UTC(fullYear, monthIndex, dayOfMonth)).getUTCDate() === dayOfMonth;
  return isDay ? at(fullYear) : undefined;
}

/** A year of two digits that appears to be more than 50 years in the future is in the past (RFC 9110, section 5.6.7). */
function nearestYear(twoDigits: number, at: (year: number) => number, now: Date): number {
  const thisYear = now.getUTCFullYear();
  const inCentury = thisYear - (thisYear % 100) + twoDigits;
  const inFiftyYears = new Date(now);
  inFiftyYears.setUTCFullYear(thisYear + 50);
  const candidates = [inCentury + 100, inCentury, inCentury - 100];
  return candidates.find((year) => at(year) <= inFiftyYears.getTime()) ?? inCentury - 100;
}
