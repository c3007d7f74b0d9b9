import { z } from 'zod';
import type { NumberedRestriction } from '../../../schemas/ports/restrictions.js';

/** Restrictions in one segment of the journal. A restriction is written together with at most these. */
const SEGMENT_LENGTH = 256;

/** One part of the journal of restrictions: those whose numbers share a range of 256. */
export interface JournalSegment {
  /** The first segment is 0 and begins with restriction 1. */
  readonly segment: number;
  /** Restrictions up to this number were dropped for their age. */
  readonly droppedThrough: number;
  /** In the order of their numbers. */
  readonly restrictions: readonly NumberedRestriction[];
}

/** Returns the segment to which a restriction belongs. */
export function segmentOf(number: number): number {
  return Math.floor((number - 1) / SEGMENT_LENGTH);
}

/** Returns the segments that hold the restrictions from one number to another, both included, in order. */
export function segmentsBetween(from: number, through: number): readonly number[] {
  const first = segmentOf(Math.max(from, 1));
  return Array.from(
    { length: Math.max(segmentOf(Math.max(through, 0)) - first + 1, 0) },
    (_, offset) => first + offset,
  );
}

export function emptySegment(segment: number): JournalSegment {
  return { segment, droppedThrough: 0, restrictions: [] };
}

const segmentContent = z.strictObject({
  segment: z.int().min(0),
  dropped_through: z.int().min(0),
  restrictions: z.array(
    z.strictObject({
      number: z.int().min(1),
      kind: z.enum(['withdrawal', 'suspension', 'narrowing', 'handle_ended', 'approval_withdrawn']),
      id: z.string(),
      revision: z.int().min(0),
    }),
  ),
});

/** Returns a segment as JSON, the same for equal segments. */
export function segmentToJson(journal: JournalSegment): z.input<typeof segmentContent> {
  return {
    segment: journal.segment,
    dropped_through: journal.droppedThrough,
    restrictions: journal.restrictions.map(({ number, kind, id, revision }) => ({ number, kind, id, revision })),
  };
}

/** Returns the segment that a JSON value holds, or undefined if it is none. */
export function segmentFromJson(value: unknown): JournalSegment | undefined {
  const read = segmentContent.safeParse(value);
  if (!read.success) return undefined;
  const { segment, dropped_through: droppedThrough, restrictions } = read.data;
  return { segment, droppedThrough, restrictions };
}

/**
 * Returns what two copies of a segment hold together. Where a number stands for two restrictions, because
 * the database went back in time between them, both are kept: applying one too many opens nothing.
 */
export function mergeSegments(one: JournalSegment, other: JournalSegment): JournalSegment {
  const droppedThrough = Math.max(one.droppedThrough, other.droppedThrough);
  return {
    segment: one.segment,
    droppedThrough,
    restrictions: unionOf([...one.restrictions, ...other.restrictions]).filter(({ number }) => number > droppedThrough),
  };
}

/** Returns each restriction once, in the order of their numbers. */
export function unionOf(restrictions: readonly NumberedRestriction[]): readonly NumberedRestriction[] {
  const byKey = new Map(restrictions.map((one) => [`${one.number} ${one.kind} ${one.revision} ${one.id}`, one]));
  return [...byKey].sort(([a, one], [b, other]) => one.number - other.number || (a < b ? -1 : 1)).map(([, one]) => one);
}
