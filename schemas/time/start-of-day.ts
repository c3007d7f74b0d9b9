import { zoneOffsets } from './zone-offset.js';

const DAY_MS = 86_400_000;

/** Returns when a civil date (`YYYY-MM-DD`) begins in a time zone, or the day that is this number of days later. */
export function startOfDay(date: string, timeZone: string, daysLater: number): Date {
  return new Date(instantOfWall(Date.parse(`${date}T00:00:00Z`) + daysLater * DAY_MS, zoneOffsets(timeZone)));
}

/**
 * Returns the instant, in milliseconds of the epoch, at which the clocks of a zone show what those of UTC show at `wall`.
 * For a time that the clocks leave out, it is one that is as far from midnight.
 */
export function instantOfWall(wall: number, offsetAt: (utc: number) => number): number {
  const near = wall - offsetAt(wall);
  return wall - offsetAt(near);
}

/** Returns the civil date (`YYYY-MM-DD`) of a moment in a time zone. */
export function civilDateAt(moment: Date, timeZone: string): string {
  return new Date(moment.getTime() + zoneOffsets(timeZone)(moment.getTime()))
    .toISOString()
    .slice(0, 'YYYY-MM-DD'.length);
}
