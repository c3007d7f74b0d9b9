import { twoDigitsAt } from '../../../schemas/time/digits.js';
import { zoneOffsets } from '../../../schemas/time/zone-offset.js';
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
function offsetMs(text: string): number | undefined {
  return text.length === 5 || text.length === 6 ? offsetMsAt(text, 0, text.length) : undefined;
}

/** Returns the offset of `length` characters at a position: six as `+05:00`, five as `+0500`. Otherwise like {@link offsetMs}. */
export function offsetMsAt(text: string, at: number, length: number): number | undefined {
  const sign = text.charCodeAt(at);
  const isForm = (sign === PLUS || sign === MINUS) && (length === 5 || text.charCodeAt(at + 3) === COLON);
  const hours = twoDigitsAt(text, at + 1);
  const minutes = twoDigitsAt(text, at + length - 2);
  if (!isForm || hours < 0 || minutes < 0 || minutes > 59) return undefined;
  const offset = hours * 60 + minutes;
  if (offset > MAX_OFFSET_MINUTES) return undefined;
  return offset * (sign === MINUS ? -MINUTE_MS : MINUTE_MS);
}

const PLUS = 0x2b;
const MINUS = 0x2d;
const COLON = 0x3a;
const MAX_OFFSET_MINUTES = 18 * 60;

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

function offsetReader(zone: string): (utc: number) => number {
  try {
    return zoneOffsets(zone);
  } catch {
    throw new TransformInvalid('zone', 'is no time zone: write an offset (+05:00) or a name (Asia/Almaty)');
  }
}
