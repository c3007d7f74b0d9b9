import { daysFromEpoch, isDay } from './civil-date.js';
import { endOfDigits, fourDigitsAt, twoDigitsAt } from './digits.js';

const MINUTE_MS = 60_000;
/** Length of `2026-03-01T10:00:00`. */
const SECONDS_END = 19;
const FRACTION_DIGITS = 9;

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
  // By positions instead of an expression: this runs for each moment of each record.
  const year = fourDigitsAt(text, 0);
  const month = twoDigitsAt(text, 5);
  const day = twoDigitsAt(text, 8);
  if (year < 0 || !isDay(year, month, day) || !hasSeparators(text)) return undefined;
  const hour = twoDigitsAt(text, 11);
  const minute = twoDigitsAt(text, 14);
  const second = twoDigitsAt(text, 17);
  if (!isWithin(hour, 23) || !isWithin(minute, 59) || !isWithin(second, 60)) return undefined;
  let end = SECONDS_END;
  if (text.charCodeAt(end) === POINT) {
    end = endOfDigits(text, end + 1, FRACTION_DIGITS);
    if (end === SECONDS_END + 1) return undefined;
  }
  const offset = offsetMinutes(text, end);
  if (offset === undefined) return undefined;
  const minuteMs = ((daysFromEpoch(year, month, day) * 24 + hour) * 60 + minute - offset) * MINUTE_MS;
  if (second === 60 && !endsMonth(minuteMs)) return undefined;
  return minuteMs + second * 1_000 + (end === SECONDS_END ? 0 : milliseconds(text, end));
}

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
const CAPITAL_T = 0x54;
const CAPITAL_Z = 0x5a;
const SMALL_T = 0x74;
const SMALL_Z = 0x7a;

function hasSeparators(text: string): boolean {
  const separator = text.charCodeAt(10);
  return (
    (separator === CAPITAL_T || separator === SMALL_T) &&
    text.charCodeAt(4) === MINUS &&
    text.charCodeAt(7) === MINUS &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

/** Returns the offset in which a text ends at a position, in minutes. Undefined if it ends otherwise. */
function offsetMinutes(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at);
  if (sign === CAPITAL_Z || sign === SMALL_Z) return text.length === at + 1 ? 0 : undefined;
  if ((sign !== PLUS && sign !== MINUS) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON)
    return undefined;
  const hour = twoDigitsAt(text, at + 1);
  const minute = twoDigitsAt(text, at + 4);
  if (!isWithin(hour, 23) || !isWithin(minute, 59)) return undefined;
  const offset = hour * 60 + minute;
  return sign === MINUS ? -offset : offset;
}

/** Returns the whole milliseconds of a fraction that ends at a position. */
function milliseconds(text: string, end: number): number {
  return Number(text.slice(SECONDS_END + 1, Math.min(end, SECONDS_END + 4)).padEnd(3, '0'));
}

function isWithin(number: number, most: number): boolean {
  return number >= 0 && number <= most;
}

/** Whether a minute is the last of a month in UTC (RFC 3339, section 5.7). */
function endsMonth(minuteMs: number): boolean {
  return /-01T00:00:00\.000Z$/.test(new Date(minuteMs + MINUTE_MS).toISOString());
}
