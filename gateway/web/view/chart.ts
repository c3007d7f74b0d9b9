import { DECISIONS, type Decision } from '../../../monitoring/audit/search/counts.js';
import type { CountsView } from '../asking.js';

/** Hours that a chart shows at most: those before its end. */
export const CHART_HOURS = 72;

const HOUR_MS = 3_600_000;
/** Sizes in units of the drawing. */
const DRAWN = { width: 720, height: 140, gap: 1 } as const;

/** A part of a bar: entries of one hour and decision. */
interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly decision: Decision;
}

/** Counts per hour, as a drawing and as a table of the same numbers. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly bars: readonly Bar[];
  /** The most entries that an hour has. */
  readonly most: number;
  readonly total: number;
  /** Decisions that any hour has. */
  readonly decisions: readonly Decision[];
  /** Hours that have entries, oldest first. */
  readonly rows: readonly { readonly hour: string; readonly numbers: readonly number[] }[];
}

/** Returns the range that a chart shows of a search: its last hours, whole ones. ISO 8601, UTC. */
export function chartRange(
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  now: Date,
): { readonly since: string; readonly until: string } | undefined {
  const end =
    Math.ceil(Math.min(until === undefined ? Infinity : Date.parse(until), now.getTime() + 1) / HOUR_MS) * HOUR_MS;
  const begin = Math.max(
    since === undefined ? -Infinity : Math.floor(Date.parse(since) / HOUR_MS) * HOUR_MS,
    end - CHART_HOURS * HOUR_MS,
  );
  return begin < end ? { since: new Date(begin).toISOString(), until: new Date(end).toISOString() } : undefined;
}

/** Draws counts per hour as stacked bars. */
export function createChart({ hours }: CountsView, range: { readonly since: string; readonly until: string }): Chart {
  const begin = Date.parse(range.since);
  const places = Math.max(1, Math.round((Date.parse(range.until) - begin) / HOUR_MS));
  const sums = hours.map(({ counts }) => DECISIONS.reduce((sum, decision) => sum + counts[decision], 0));
  const most = Math.max(0, ...sums);
  const step = DRAWN.width / places;
  const bars = hours.flatMap(({ hour, counts }): Bar[] => {
    const x = rounded(((Date.parse(hour) - begin) / HOUR_MS) * step);
    let top: number = DRAWN.height;
    return DECISIONS.flatMap((decision) => {
      const height = most === 0 ? 0 : (counts[decision] / most) * DRAWN.height;
      top -= height;
      return height === 0
        ? []
        : [{ x, y: rounded(top), width: rounded(Math.max(1, step - DRAWN.gap)), height: rounded(height), decision }];
    });
  });
  const decisions = DECISIONS.filter((decision) => hours.some(({ counts }) => counts[decision] > 0));
  return {
    ...{ width: DRAWN.width, height: DRAWN.height, bars, most, decisions },
    total: sums.reduce((sum, one) => sum + one, 0),
    rows: hours.map(({ hour, counts }) => ({ hour, numbers: decisions.map((decision) => counts[decision]) })),
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
