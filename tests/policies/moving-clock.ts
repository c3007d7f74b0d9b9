import type { Clock } from '../../schemas/ports/clock.js';
import { standingClock } from '../doubles.js';

/** A clock whose real time a test moves. */
export interface MovingClock extends Clock {
  moveTo(now: string): void;
}

export function movingClock(start: string): MovingClock {
  let now = start;
  return { ...standingClock(start), now: () => new Date(now), moveTo: (moment) => void (now = moment) };
}
