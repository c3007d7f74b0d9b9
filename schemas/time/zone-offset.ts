const REMEMBERED_SECONDS = 256;

/**
 * Returns a function of an instant (milliseconds of the epoch) that says what the clocks of a zone show then, less what
 * those of UTC show, in milliseconds. Throws `RangeError` if there is no such zone. Remembers the offsets of some seconds:
 * asking for one takes long, and many questions are about the same.
 */
export function zoneOffsets(zone: string): (utc: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
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
  const known = new Map<number, number>();
  const offsetIn = (second: number): number => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(second * 1_000)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: shown = 0 } = parts;
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, shown);
    return date.getTime() - second * 1_000;
  };
  return (utc) => {
    const second = Math.floor(utc / 1_000);
    let offset = known.get(second);
    if (offset === undefined) {
      if (known.size >= REMEMBERED_SECONDS) known.clear();
      known.set(second, (offset = offsetIn(second)));
    }
    return offset;
  };
}
