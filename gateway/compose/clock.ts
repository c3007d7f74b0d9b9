import { performance } from 'node:perf_hooks';
import type { Clock } from '../../schemas/ports/clock.js';

/** Whether fact time is real time, or stands at a civil date (in the demo country). */
export interface ClockSettings {
  /** IANA zone of civil dates: `Asia/Almaty`. */
  readonly timeZone: string;
  /** `YYYY-MM-DD`; absent: fact time is real time. */
  readonly factDate?: string | undefined;
}

/** Returns the system's clocks. No other code of the product reads them. */
export function systemClock({ timeZone, factDate }: ClockSettings): Clock {
  const standing = factDate === undefined ? undefined : new Date(`${factDate}T12:00:00Z`);
  const civilDate = civilDates(timeZone);
  return {
    now: () => new Date(),
    factNow: () => standing ?? new Date(),
    factDate: () => factDate ?? civilDate(Date.now()),
    monotonic: () => performance.now(),
  };
}

/**
 * Returns the civil date of a zone at a moment, in milliseconds since the epoch. Contracts ask for it with every record, and
 * formatting takes longer than judging a record, so that the date of the last second is kept: no zone changes its date
 * within a second.
 */
export function civilDates(timeZone: string): (ms: number) => string {
  const civil = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  let lastSecond = Number.NaN;
  let date = '';
  return (ms) => {
    const second = Math.floor(ms / 1_000);
    if (second !== lastSecond) {
      date = civil.format(ms);
      lastSecond = second;
    }
    return date;
  };
}
