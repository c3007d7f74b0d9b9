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
  const civil = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const standing = factDate === undefined ? undefined : new Date(`${factDate}T12:00:00Z`);
  const factNow = (): Date => standing ?? new Date();
  return {
    now: () => new Date(),
    factNow,
    factDate: () => factDate ?? civil.format(factNow()),
    monotonic: () => performance.now(),
  };
}
