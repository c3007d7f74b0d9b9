import { fourDigitsAt, twoDigitsAt } from './digits.js';

const MINUS = 0x2d;

/** True for `YYYY-MM-DD` if that day exists (RFC 3339 `full-date`): there is no 30 February. */
export function isCivilDate(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS) return false;
  const year = fourDigitsAt(text, 0);
  return year >= 0 && isDay(year, twoDigitsAt(text, 5), twoDigitsAt(text, 8));
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

/** A day of the Gregorian calendar. */
export interface CivilDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Returns the day `days` days from 1970-01-01. */
export function civilDay(days: number): CivilDay {
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
  return { year, month, day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1 };
}

/** Returns a day as `YYYY-MM-DD`; from the year 0 to 9999. */
export function dateText(year: number, month: number, day: number): string {
  const century = Math.floor(year / 100);
  const ofCentury = year - century * 100;
  // One call makes the text at once. Templates would join eleven texts one by one.
  return String.fromCharCode(
    tens(century),
    ones(century),
    tens(ofCentury),
    ones(ofCentury),
    MINUS,
    tens(month),
    ones(month),
    MINUS,
    tens(day),
    ones(day),
  );
}

/** Returns a time as it follows a day: `T10:00:00Z`, or `T10:00:00.` before a fraction. `seconds`: since midnight. */
export function timeText(seconds: number, last: 'Z' | '.'): string {
  const minutes = Math.floor(seconds / 60);
  const hour = Math.floor(minutes / 60);
  const minute = minutes - hour * 60;
  const second = seconds - minutes * 60;
  return String.fromCharCode(
    CAPITAL_T,
    tens(hour),
    ones(hour),
    COLON,
    tens(minute),
    ones(minute),
    COLON,
    tens(second),
    ones(second),
    last.charCodeAt(0),
  );
}

const ZERO = 0x30;
const COLON = 0x3a;
const CAPITAL_T = 0x54;

function tens(number: number): number {
  return ZERO + Math.floor(number / 10);
}

function ones(number: number): number {
  return ZERO + (number % 10);
}
