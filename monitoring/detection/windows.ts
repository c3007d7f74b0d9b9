import { instantOfWall } from '../../schemas/time/start-of-day.js';
import { zoneOffsets } from '../../schemas/time/zone-offset.js';
import type { Rule } from './rule.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A span of time, in milliseconds of the epoch: `since` inclusive, `until` exclusive. */
export interface Window {
  readonly since: number;
  readonly until: number;
}

/** Returns whether two windows have an instant in common. */
export function overlap(one: Window, other: Window): boolean {
  return one.since < other.until && other.since < one.until;
}

/** Tells windows and hours of the day in one time zone. */
export class Windows {
  readonly #offsetAt: (utc: number) => number;

  /** Throws `RangeError` if there is no such zone. */
  constructor(timeZone: string) {
    this.#offsetAt = zoneOffsets(timeZone);
  }

  /**
   * Returns the windows of a rule in which an instant is. Of minutes and hours there are two: one begins at the half of the
   * other, so that what happens within half a window is within one of them, wherever it begins. Of days there is one.
   */
  of({ window, day_begins: begins }: Pick<Rule, 'window' | 'day_begins'>, at: number): readonly Window[] {
    const length = lengthOf(window);
    if (window !== 'day')
      return [0, length / 2].map((shift) => {
        const since = Math.floor((at - shift) / length) * length + shift;
        return { since, until: since + length };
      });
    const shift = begins === undefined ? 0 : minuteOf(begins) * MINUTE_MS;
    const day = Math.floor((this.#wall(at) - shift) / DAY_MS) * DAY_MS + shift;
    return [{ since: this.#instant(day), until: this.#instant(day + DAY_MS) }];
  }

  /** Returns whether an instant is within hours of the day that may pass midnight. */
  isWithin({ from, to }: { readonly from: string; readonly to: string }, at: number): boolean {
    const [minute, first, end] = [modulo(this.#wall(at), DAY_MS) / MINUTE_MS, minuteOf(from), minuteOf(to)];
    return first < end ? minute >= first && minute < end : minute >= first || minute < end;
  }

  #wall(at: number): number {
    return at + this.#offsetAt(at);
  }

  #instant(wall: number): number {
    return instantOfWall(wall, this.#offsetAt);
  }
}

/** Returns how long the window of a rule is, in milliseconds; a civil day counts as 24 hours. */
export function lengthOf(window: Rule['window']): number {
  if (window === 'day') return DAY_MS;
  return Number.parseInt(window, 10) * (window.endsWith('h') ? 60 : 1) * MINUTE_MS;
}

function minuteOf(clockTime: string): number {
  return Number(clockTime.slice(0, 2)) * 60 + Number(clockTime.slice(3));
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
