import { performance } from 'node:perf_hooks';
import type { Clock } from '../../schemas/ports/clock.js';

/** How fact time runs: with real time, or standing at a civil date (the demo country's). */
export interface ClockSettings {
  /** IANA zone of civil dates: `Asia/Almaty`. */
  readonly timeZone: string;
  /** `YYYY-MM-DD`; absent: fact time is real time. */
  readonly factDate?: string | undefined;
}

/** The system's clocks. The only place in the product that reads them. */
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
