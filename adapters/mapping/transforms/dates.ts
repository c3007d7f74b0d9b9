import { civilDay, dateText, daysFromEpoch, isCivilDate, isDay, timeText } from '../../../schemas/time/civil-date.js';
import { endOfDigits } from '../../../schemas/time/digits.js';
import { isInstant } from '../../../schemas/time/instant.js';
import { ValueFault, VALUE_TYPE } from '../value-fault.js';
import { compilePattern, type DateParts, type DatePattern } from './date-pattern.js';
import { sourceOf } from './numbers.js';
import { TransformInvalid } from './transform.js';
import { compileZone, type LocalToUtc } from './zone.js';

const ISO_DATE = 'yyyy-MM-dd';
const EPOCH_MS = { epoch_ms: 1, epoch_s: 1_000 } as const;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** From the year 1 to 9999, which RFC 3339 can write. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;

type Convert = (value: unknown) => unknown;

/** Returns how a day is read. Throws {@link TransformInvalid}. */
export function dateReader(format = ISO_DATE, zone?: string): Convert {
  if (format in EPOCH_MS) throw new TransformInvalid('format', 'is a moment, not a day: write as: instant');
  if (zone !== undefined && zone !== 'drop') throw new TransformInvalid('zone', 'can only be drop for a date');
  const pattern = compilePattern(format, zone === 'drop');
  if (pattern.has('offset') && zone !== 'drop')
    throw new TransformInvalid('format', 'has an offset, which a day has not: write zone: drop');
  if (format === ISO_DATE && zone === undefined)
    return (value) => (typeof value === 'string' && isCivilDate(value) ? value : VALUE_TYPE);
  return (value) => {
    const parts = typeof value === 'string' ? pattern.read(value) : undefined;
    if (parts === undefined || !isMidnight(parts)) return VALUE_TYPE;
    const { year, month, day } = parts;
    return isDay(year, month, day) ? dateText(year, month, day) : VALUE_TYPE;
  };
}

function isMidnight({ hour, minute, second, fraction }: DateParts): boolean {
  return hour === 0 && minute === 0 && second === 0 && (fraction === undefined || /^0*$/.test(fraction));
}

/** Returns how a moment is read. Throws {@link TransformInvalid}. */
export function instantReader(format?: string, zone?: string): Convert {
  if (format === 'epoch_ms' || format === 'epoch_s') {
    if (zone !== undefined) throw new TransformInvalid('zone', 'says nothing of an epoch, which is in UTC: remove it');
    return epochReader(EPOCH_MS[format]);
  }
  const local = zone === undefined ? undefined : compileZone(zone);
  return format === undefined ? rfcReader(local) : patternReader(compilePattern(format), local);
}

function patternReader(pattern: DatePattern, zone: LocalToUtc | undefined): Convert {
  if (!pattern.has('hour'))
    throw new TransformInvalid('format', 'has no time, which a moment has: write HH, or as: date');
  if (pattern.has('offset') && zone !== undefined)
    throw new TransformInvalid('zone', 'is for a time without an offset, and the format has one: remove it');
  if (!pattern.has('offset') && zone === undefined)
    throw new TransformInvalid('format', 'has no offset: write XXX where it stands, or zone: with the register’s zone');
  return (value) => (typeof value === 'string' ? moment(pattern.read(value), zone) : undefined) ?? VALUE_TYPE;
}

/** Reads RFC 3339, and with a zone the same without an offset. What has an offset stays as it came. */
function rfcReader(zone: LocalToUtc | undefined): Convert {
  if (zone === undefined) return (value) => (typeof value === 'string' && isInstant(value) ? value : VALUE_TYPE);
  const withT = compilePattern("yyyy-MM-dd'T'HH:mm:ss");
  // Section 5.6 allows a blank, and SQL writes one.
  const withBlank = compilePattern('yyyy-MM-dd HH:mm:ss');
  return (value) => {
    if (typeof value !== 'string') return VALUE_TYPE;
    const fraction = fractionOf(value);
    if (fraction === undefined) return isInstant(value) ? value : VALUE_TYPE;
    const local = value.length > SECONDS_END ? value.slice(0, SECONDS_END) : value;
    const parts = (value.charCodeAt(SEPARATOR_AT) === BLANK ? withBlank : withT).read(local);
    if (parts !== undefined && fraction !== '') parts.fraction = fraction;
    return moment(parts, zone) ?? VALUE_TYPE;
  };
}

/** Of `2026-03-01T10:00:00`. */
const SEPARATOR_AT = 10;
const SECONDS_END = 19;
const FRACTION_DIGITS = 9;
const BLANK = 0x20;
const POINT = 0x2e;

/** Returns the digits after the seconds, empty if there are none; undefined if something else is there, like an offset. */
function fractionOf(text: string): string | undefined {
  if (text.length === SECONDS_END) return '';
  if (text.charCodeAt(SECONDS_END) !== POINT || text.length === SECONDS_END + 1) return undefined;
  const end = endOfDigits(text, SECONDS_END + 1, FRACTION_DIGITS);
  return end === text.length ? text.slice(SECONDS_END + 1) : undefined;
}

/** Returns a moment in UTC, undefined if there is none. `zone` is for parts without an offset. */
function moment(parts: DateParts | undefined, zone: LocalToUtc | undefined): string | undefined {
  if (parts === undefined) return undefined;
  const { year, month, day, hour, minute, second, fraction, offset } = parts;
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  const local = daysFromEpoch(year, month, day) * DAY_MS + (hour * 60 + minute) * MINUTE_MS + second * SECOND_MS;
  const utc = offset === undefined ? zone?.(local, year) : local - offset;
  return utc === undefined ? undefined : momentText(utc, fraction);
}

/** Writes a moment in UTC. A fraction keeps the digits that were sent. */
function momentText(utc: number, fraction?: string): string | undefined {
  if (utc < FIRST_MS || utc > LAST_MS) return undefined;
  const days = Math.floor(utc / DAY_MS);
  const { year, month, day } = civilDay(days);
  const seconds = Math.floor((utc - days * DAY_MS) / SECOND_MS);
  const date = dateText(year, month, day);
  return fraction === undefined ? date + timeText(seconds, 'Z') : `${date}${timeText(seconds, '.')}${fraction}Z`;
}

/** Reads seconds or milliseconds since 1970 as a number or a text: whole ones only. */
function epochReader(unitMs: number): Convert {
  return (value) => {
    const number = isPlainWhole(value) ? value : wholeNumber(value);
    if (number instanceof ValueFault) return number;
    const utc = number * unitMs;
    const part = ((utc % SECOND_MS) + SECOND_MS) % SECOND_MS;
    return momentText(utc, part === 0 ? undefined : String(part).padStart(3, '0')) ?? VALUE_TYPE;
  };
}

/** A number of at most 15 digits, which a double keeps. */
function isPlainWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e15;
}

function wholeNumber(value: unknown): number | ValueFault {
  const text = typeof value === 'string' ? value : (sourceOf(value) ?? VALUE_TYPE);
  if (text instanceof ValueFault) return text;
  return /^-?(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : VALUE_TYPE;
}
