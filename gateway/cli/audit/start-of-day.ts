const DAY_MS = 86_400_000;

/** Returns when a civil date (`YYYY-MM-DD`) begins in a time zone, or the day that is this number of days later. */
export function startOfDay(date: string, timeZone: string, daysLater: number): Date {
  const wall = Date.parse(`${date}T00:00:00Z`) + daysLater * DAY_MS;
  const near = wall - offsetMs(wall, timeZone);
  return new Date(wall - offsetMs(near, timeZone));
}

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
function offsetMs(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - instant;
}
