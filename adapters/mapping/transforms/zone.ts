import { TransformInvalid } from './transform.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Returns the moment, in milliseconds since the epoch, of a local time. `localMs`: the time as if it were in UTC; `year`: its year. Undefined
 * if the clocks of the zone never show this time, or show it twice.
 */
export type LocalToUtc = (localMs: number, year: number) => number | undefined;

/** Compiles a zone: a fixed offset (`+05:00`, `Z`) or a name of the IANA database. Throws {@link TransformInvalid}. */
export function compileZone(zone: string): LocalToUtc {
  if (zone === 'Z') return (localMs) => localMs;
  const offset = offsetMs(zone);
  if (offset !== undefined) return (localMs) => localMs - offset;
  return namedZone(zone);
}

/** Returns an offset as `+05:00` or `+0500` in milliseconds. Undefined if it is none, or beyond 18 hours. */
export function offsetMs(text: string): number | undefined {
  const isNegative = text.startsWith('-');
  const colon = text.length === 6 ? 1 : 0;
  const isForm = (isNegative || text.startsWith('+')) && text.length === 5 + colon && (colon === 0 || text[3] === ':');
  const hours = twoDigitsAt(text, 1);
  const minutes = twoDigitsAt(text, 3 + colon);
  if (!isForm || !(minutes <= 59) || !(hours * 60 + minutes <= 18 * 60)) return undefined;
  return (hours * 60 + minutes) * (isNegative ? -MINUTE_MS : MINUTE_MS);
}

/** Returns the number of two digits at a position; NaN if other characters are there. */
function twoDigitsAt(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - ZERO, text.charCodeAt(at + 1) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const ZERO = 0x30;

/** A time in which a zone has one offset. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

function namedZone(zone: string): LocalToUtc {
  const offsetAt = offsetReader(zone);
  const years = new Map<number, readonly Span[]>();
  return (localMs, year) => {
    let spans = years.get(year);
    if (spans === undefined) years.set(year, (spans = spansOf(year, offsetAt)));
    let found: number | undefined;
    for (const { from, to, offset } of spans) {
      const utc = localMs - offset;
      if (utc < from || utc >= to) continue;
      if (found !== undefined) return undefined;
      found = utc;
    }
    return found;
  };
}

/** Returns the spans of a year and of two days at both sides of it. */
function spansOf(year: number, offsetAt: (utc: number) => number): readonly Span[] {
  const start = startOfYear(year) - 2 * DAY_MS;
  const end = startOfYear(year + 1) + 2 * DAY_MS;
  const spans: Span[] = [];
  let from = start;
  let offset = offsetAt(start);
  for (let at = start + DAY_MS; at <= end; at += DAY_MS) {
    const next = offsetAt(at);
    if (next === offset) continue;
    const change = changeBetween(at - DAY_MS, at, offset, offsetAt);
    spans.push({ from, to: change, offset });
    from = change;
    offset = next;
  }
  spans.push({ from, to: end, offset });
  return spans;
}

/** Returns the first millisecond after `before` that has not this offset. */
function changeBetween(before: number, after: number, offset: number, offsetAt: (utc: number) => number): number {
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

function startOfYear(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1);
}

/** Returns what the clocks of a zone show at a moment, less what those of UTC show, in milliseconds. */
function offsetReader(zone: string): (utc: number) => number {
  const format = zonedFormat(zone);
  return (utc) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utc)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second);
    return date.getTime() - Math.floor(utc / 1_000) * 1_000;
  };
}

function zonedFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new TransformInvalid('zone', 'is no time zone: write an offset (+05:00) or a name (Asia/Almaty)');
  }
}
