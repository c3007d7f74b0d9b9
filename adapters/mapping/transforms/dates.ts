import { isCivilDate } from '../../../schemas/time/civil-date.js';
import { isInstant } from '../../../schemas/time/instant.js';
import { ValueFault, VALUE_TYPE } from '../value-fault.js';
import { compilePattern, type DatePattern, type PatternPlaces } from './date-pattern.js';
import { sourceOf } from './numbers.js';
import { TransformInvalid } from './transform.js';
import { compileZone, offsetMs, type LocalToUtc } from './zone.js';

const ISO_DATE = 'yyyy-MM-dd';
/** The zone of XML Schema's `date`, part 2, section 3.3.9. */
const ANY_ZONE = '(?:Z|[+-]\\d{2}:\\d{2})?';
const EPOCH_MS = { epoch_ms: 1, epoch_s: 1_000 } as const;
/** A time as RFC 3339 writes it, but without an offset. The blank is that of section 5.6, and of SQL. */
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/;
const LOCAL_PLACES: PatternPlaces = {
  year: 1,
  month: 2,
  day: 3,
  hour: 4,
  minute: 5,
  second: 6,
  fraction: 7,
  offset: 0,
};
/** From the year 1 to 9999, which RFC 3339 can write. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;

type Convert = (value: unknown) => unknown;

/** Returns how a day is read. Throws {@link TransformInvalid}. */
export function dateReader(format = ISO_DATE, zone?: string): Convert {
  if (format in EPOCH_MS) throw new TransformInvalid('format', `is a moment, not a day: write as: instant`);
  if (zone !== undefined && zone !== 'drop') throw new TransformInvalid('zone', 'can only be drop for a date');
  const { expression, places } = compilePattern(format, zone === 'drop' ? ANY_ZONE : '');
  if (places.offset > 0 && zone !== 'drop')
    throw new TransformInvalid('format', 'has an offset, which a day has not: write zone: drop');
  if (format === ISO_DATE && zone === undefined)
    return (value) => (typeof value === 'string' && isCivilDate(value) ? value : VALUE_TYPE);
  return (value) => {
    const found = typeof value === 'string' ? expression.exec(value) : null;
    if (found === null || !isMidnight(found, places)) return VALUE_TYPE;
    return civilDate(found, places) ?? VALUE_TYPE;
  };
}

function isMidnight(found: RegExpExecArray, { hour, minute, second, fraction }: PatternPlaces): boolean {
  return [hour, minute, second, fraction].every((place) => Number(partAt(found, place) ?? 0) === 0);
}

/** Returns a part of a time; undefined if the pattern lacks it. The group 0 would be the whole text. */
function partAt(found: RegExpExecArray, place: number): string | undefined {
  return place === 0 ? undefined : found[place];
}

function civilDate(found: RegExpExecArray, { year, month, day }: PatternPlaces): string | undefined {
  const date = `${found[year]}-${twoDigits(found[month])}-${twoDigits(found[day])}`;
  return isCivilDate(date) ? date : undefined;
}

function twoDigits(text = ''): string {
  return text.length === 1 ? `0${text}` : text;
}

/** Returns how a moment is read. Throws {@link TransformInvalid}. */
export function instantReader(format?: string, zone?: string): Convert {
  if (format === 'epoch_ms' || format === 'epoch_s') {
    if (zone !== undefined) throw new TransformInvalid('zone', 'says nothing of an epoch, which is in UTC: remove it');
    return epochReader(EPOCH_MS[format]);
  }
  const local = zone === undefined ? undefined : compileZone(zone);
  if (format !== undefined) return patternReader(compilePattern(format), local);
  const readLocal = local && momentReader({ expression: LOCAL, places: LOCAL_PLACES }, local);
  return (value) => {
    if (typeof value !== 'string') return VALUE_TYPE;
    return isInstant(value) ? value : (readLocal?.(value) ?? VALUE_TYPE);
  };
}

function patternReader(pattern: DatePattern, zone: LocalToUtc | undefined): Convert {
  const { hour, offset } = pattern.places;
  if (hour === 0) throw new TransformInvalid('format', 'has no time, which a moment has: write HH, or as: date');
  if (offset > 0 && zone !== undefined)
    throw new TransformInvalid('zone', 'is for a time without an offset, and the format has one: remove it');
  if (offset === 0 && zone === undefined)
    throw new TransformInvalid('format', 'has no offset: write XXX where it stands, or zone: with the register’s zone');
  const read = momentReader(pattern, zone);
  return (value) => (typeof value === 'string' ? read(value) : undefined) ?? VALUE_TYPE;
}

/** Returns how a text is read as a moment, undefined if it is none. `zone` is for patterns without an offset. */
function momentReader({ expression, places }: DatePattern, zone: LocalToUtc | undefined) {
  return (text: string): string | undefined => {
    const found = expression.exec(text);
    if (found === null || civilDate(found, places) === undefined) return undefined;
    const local = localMs(found, places);
    if (local === undefined) return undefined;
    const utc = zone ? zone(local) : withOffset(local, partAt(found, places.offset) ?? '');
    return utc === undefined ? undefined : momentText(utc, partAt(found, places.fraction));
  };
}

function localMs(found: RegExpExecArray, places: PatternPlaces): number | undefined {
  const [hour, minute, second] = [places.hour, places.minute, places.second].map((place) =>
    Number(partAt(found, place) ?? 0),
  );
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const days = daysFromEpoch(Number(found[places.year]), Number(found[places.month]), Number(found[places.day]));
  return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000;
}

/** Days of the Gregorian calendar from 1970-01-01. The year begins with March, so that a leap day is its last. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const from = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return from * 365 + Math.floor(from / 4) - Math.floor(from / 100) + Math.floor(from / 400) + dayOfYear - 719_468;
}

function withOffset(local: number, offset: string): number | undefined {
  if (offset === 'Z') return local;
  const milliseconds = offsetMs(offset);
  return milliseconds === undefined ? undefined : local - milliseconds;
}

/** Writes a moment in UTC. A fraction keeps the digits that were sent. */
function momentText(utc: number, fraction?: string): string | undefined {
  if (utc < FIRST_MS || utc > LAST_MS) return undefined;
  const seconds = new Date(utc).toISOString().slice(0, 19);
  return fraction === undefined ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

/** Reads seconds or milliseconds since 1970 as a number or a text: whole ones only. */
function epochReader(unitMs: number): Convert {
  return (value) => {
    const text = typeof value === 'string' ? value : (sourceOf(value) ?? VALUE_TYPE);
    if (text instanceof ValueFault) return text;
    if (!/^-?(?:0|[1-9]\d{0,14})$/.test(text)) return VALUE_TYPE;
    const utc = Number(text) * unitMs;
    const part = ((utc % 1_000) + 1_000) % 1_000;
    return momentText(utc, part === 0 ? undefined : String(part).padStart(3, '0')) ?? VALUE_TYPE;
  };
}
