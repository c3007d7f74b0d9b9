const CIVIL_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for `YYYY-MM-DD` if that day exists (RFC 3339 `full-date`): there is no 30 February. */
export function isCivilDate(text: string): boolean {
  const [, year, month, day] = CIVIL_DATE.exec(text) ?? [];
  return year !== undefined && isDay(Number(year), Number(month), Number(day));
}

/** Whether a day of the Gregorian calendar exists. */
export function isDay(year: number, month: number, day: number): boolean {
  return day >= 1 && day <= daysIn(year, month);
}

/** Returns how many days a month has in the Gregorian calendar; 0 for a month that does not exist. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Returns the days of a day from 1970-01-01. The year is taken to begin with March, so that a leap day is its last. */
export function daysFromEpoch(year: number, month: number, day: number): number {
  const from = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return from * 365 + Math.floor(from / 4) - Math.floor(from / 100) + Math.floor(from / 400) + dayOfYear - 719_468;
}

/** Returns the day `days` days from 1970-01-01, as `YYYY-MM-DD`; from the year 0 to 9999. */
export function civilDateText(days: number): string {
  // 400 years are an era of 146,097 days; each begins with March.
  const fromEra = days + 719_468;
  const era = Math.floor(fromEra / 146_097);
  const dayOfEra = fromEra - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return dateText(year, month, dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1);
}

/** Returns a day as `YYYY-MM-DD`. */
export function dateText(year: number, month: number, day: number): string {
  return `${twoDigits(Math.floor(year / 100))}${twoDigits(year % 100)}-${twoDigits(month)}-${twoDigits(day)}`;
}

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** Returns a number below 100 with two digits. */
export function twoDigits(number: number): string {
  return TWO_DIGITS[number] ?? '';
}
