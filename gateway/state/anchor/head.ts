import { z } from 'zod';

/** The newest committed entry of one log. */
export interface LogHead {
  /** Entries in the log, at least 1. */
  readonly size: number;
  /** Leaf hash of the last of them, hex. */
  readonly leaf: string;
}

/** The last checkpoint of a log that was signed, or was about to be. */
export interface HeadCheckpoint {
  readonly size: number;
  /** Root of the tree, hex. Null: two trees of this log are known, so that no checkpoint of it may be signed any more. */
  readonly root: string | null;
}

/**
 * What the state database was known to hold at one moment. A head says only what has committed, so a
 * database that holds less, or something else at the same place, has gone back in time.
 */
export interface Head {
  /** How often a database that went back in time was accepted. */
  readonly epoch: number;
  /** By name of the log. Logs without entries are absent. */
  readonly logs: ReadonlyMap<string, LogHead>;
  /** By name of the log, its last checkpoint. Logs without one are absent. */
  readonly checkpoints: ReadonlyMap<string, HeadCheckpoint>;
  /** Number of the newest restriction. */
  readonly restrictions: number;
  /** By epoch, the number of the newest restriction when it began. An epoch whose beginning is not known is absent. */
  readonly epochStarts: ReadonlyMap<number, number>;
  /** The lowest number of a restriction that the journal still keeps. */
  readonly journalFrom: number;
}

/** The head before anything has happened. */
export const EMPTY_HEAD: Head = {
  epoch: 0,
  logs: new Map(),
  checkpoints: new Map(),
  restrictions: 0,
  epochStarts: new Map(),
  journalFrom: 1,
};

const count = z.int().min(0);
const logName = z.string().regex(/^[a-z][a-z-]*\/[0-9]+$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const headContent = z.strictObject({
  epoch: count,
  logs: z.array(
    z.strictObject({
      log: logName,
      size: z.int().min(1),
      leaf: hash,
    }),
  ),
  // Absent in heads of an installation that has signed none.
  checkpoints: z.array(z.strictObject({ log: logName, size: z.int().min(1), root: hash.nullable() })).optional(),
  counters: z.strictObject({ restrictions: count }),
  epoch_starts: z.array(z.strictObject({ epoch: count, restrictions: count })),
  journal_from: z.int().min(1),
});

/** Returns a head as JSON, the same for equal heads. */
export function headToJson(head: Head): z.input<typeof headContent> {
  return {
    epoch: head.epoch,
    logs: [...head.logs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([log, { size, leaf }]) => ({ log, size, leaf })),
    ...(head.checkpoints.size === 0
      ? {}
      : {
          checkpoints: [...head.checkpoints]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([log, { size, root }]) => ({ log, size, root })),
        }),
    counters: { restrictions: head.restrictions },
    epoch_starts: [...head.epochStarts]
      .sort(([a], [b]) => a - b)
      .map(([epoch, restrictions]) => ({ epoch, restrictions })),
    journal_from: head.journalFrom,
  };
}

/** Returns the head that a JSON value holds, or undefined if it is none. */
export function headFromJson(value: unknown): Head | undefined {
  const read = headContent.safeParse(value);
  if (!read.success) return undefined;
  const { epoch, logs, checkpoints = [], counters, epoch_starts: starts, journal_from: journalFrom } = read.data;
  return {
    epoch,
    logs: new Map(logs.map(({ log, size, leaf }) => [log, { size, leaf }])),
    checkpoints: new Map(checkpoints.map(({ log, size, root }) => [log, { size, root }])),
    restrictions: counters.restrictions,
    epochStarts: new Map(starts.map(({ epoch: begun, restrictions }) => [begun, restrictions])),
    journalFrom,
  };
}

/**
 * Returns what two heads say together: of the larger epoch, log by log and counter by counter, the larger
 * value. What a smaller epoch says was decided when the larger one was accepted, but for checkpoints: what was
 * signed stays signed. Commutative, associative and idempotent, so that heads can be merged in any order, any
 * number of times.
 */
export function mergeHeads(one: Head, other: Head): Head {
  const epochStarts = largest(one.epochStarts, other.epochStarts, (a, b) => a - b);
  const checkpoints = lastCheckpoints(one.checkpoints, other.checkpoints);
  if (one.epoch !== other.epoch) return { ...(one.epoch > other.epoch ? one : other), epochStarts, checkpoints };
  return {
    epoch: one.epoch,
    logs: largest(one.logs, other.logs, (a, b) => a.size - b.size || (a.leaf < b.leaf ? -1 : 1)),
    checkpoints,
    restrictions: Math.max(one.restrictions, other.restrictions),
    epochStarts,
    journalFrom: Math.max(one.journalFrom, other.journalFrom),
  };
}

/** Of two roots of one size none counts any more: the log was signed, or was about to be, in two ways. */
function lastCheckpoints(one: Head['checkpoints'], other: Head['checkpoints']): Head['checkpoints'] {
  const merged = new Map(one);
  for (const [log, value] of other) {
    const known = merged.get(log);
    if (known === undefined || value.size > known.size) merged.set(log, value);
    else if (value.size === known.size && value.root !== known.root) merged.set(log, { size: value.size, root: null });
  }
  return merged;
}

function largest<Key, Value>(
  one: ReadonlyMap<Key, Value>,
  other: ReadonlyMap<Key, Value>,
  compare: (a: Value, b: Value) => number,
): ReadonlyMap<Key, Value> {
  const merged = new Map(one);
  for (const [key, value] of other) {
    const known = merged.get(key);
    if (known === undefined || compare(value, known) > 0) merged.set(key, value);
  }
  return merged;
}

/** Returns whether two heads say the same. */
export function sameHead(one: Head, other: Head): boolean {
  return JSON.stringify(headToJson(one)) === JSON.stringify(headToJson(other));
}
