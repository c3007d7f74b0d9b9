import { createHash } from 'node:crypto';
import type { Clock } from '../schemas/ports/clock.js';
import type { GateAnswer } from '../schemas/ports/gate.js';
import type { LogFields, LogLevel, Observer } from '../schemas/ports/observer.js';
import type { Random } from '../schemas/ports/random.js';

/** Fixed times for tests: real time stands, the monotonic clock advances by one at each look. */
export function standingClock(now = '2026-11-23T10:00:00.000Z', factDate = '2026-03-02'): Clock {
  let ticks = 0;
  return {
    now: () => new Date(now),
    factNow: () => new Date(`${factDate}T12:00:00Z`),
    factDate: () => factDate,
    monotonic: () => (ticks += 1),
  };
}

/** Real time stands, the monotonic clock runs: for what waits. */
export function runningClock(): Clock {
  return { ...standingClock(), monotonic: () => performance.now() };
}

/** Randomness from a seed: the same sequence in every run. */
export function seededRandom(seed = 'tereze'): Random {
  let drawn = 0;
  const bytes = (length: number): Buffer => {
    const blocks: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      drawn += 1;
      blocks.push(createHash('sha256').update(`${seed}:${drawn}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, length);
  };
  const uuid = (): string => {
    const hex = bytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  return { bytes, uuid };
}

/** An observer that keeps quiet. */
export function silentObserver(): Observer {
  return { log: () => undefined, count: () => undefined, duration: () => undefined, gauge: () => undefined };
}

/** An observer whose log lines can be read back. */
export function listeningObserver(): Observer & {
  readonly lines: { level: LogLevel; event: string; fields: LogFields }[];
} {
  const lines: { level: LogLevel; event: string; fields: LogFields }[] = [];
  return { ...silentObserver(), lines, log: (level, event, fields = {}) => void lines.push({ level, event, fields }) };
}

/** What a gate answers that grants nothing about no person. */
export const deniedWithoutPerson = (): GateAnswer => ({ granted: new Map(), withheld: new Map() });
