import { daysFromEpoch, isDay } from './civil-date.js';

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const MINUTE_MS = 60_000;

/**
 * True for a moment as RFC 3339 (`date-time`) writes it: an existing day, an hour up to 23, seconds, and
 * always an offset (`Z`, `+05:00`). A fraction has at most nine digits. Second 60 is a leap second: only
 * in the last minute of a month in UTC.
 */
export function isInstant(text: string): boolean {
  return instantMs(text) !== undefined;
}

/**
 * Returns a moment in milliseconds since the epoch, without the digits below a millisecond. A leap second
 * counts as the second after it. Undefined if the text is not a moment as {@link isInstant} says.
 */
export function instantMs(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour, offsetMinute] =
    INSTANT.exec(text) ?? [];
  if (year === undefined || !isDay(Number(year), Number(month), Number(day))) return undefined;
  if (!isWithin(hour, 23) || !isWithin(minute, 59) || !isWithin(second, 60)) return undefined;
  if (!isWithin(offsetHour, 23) || !isWithin(offsetMinute, 59)) return undefined;
  const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * (sign === '-' ? -1 : 1);
  const days = daysFromEpoch(Number(year), Number(month), Number(day));
  const minuteMs = ((days * 24 + Number(hour)) * 60 + Number(minute) - offset) * MINUTE_MS;
  if (second === '60' && !endsMonth(minuteMs)) return undefined;
  return minuteMs + Number(second) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function isWithin(digits: string | undefined, most: number): boolean {
  return digits === undefined || Number(digits) <= most;
}

/** Whether a minute is the last of a month in UTC (RFC 3339, section 5.7). */
function endsMonth(minuteMs: number): boolean {
  return /-01T00:00:00\.000Z$/.test(new Date(minuteMs + MINUTE_MS).toISOString());
}
