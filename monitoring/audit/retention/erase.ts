import type { Clock } from '../../../schemas/ports/clock.js';
import type { Random } from '../../../schemas/ports/random.js';
import type { Sql, SqlExecutor } from '../../../schemas/ports/sql.js';
import { retentionEntry, type EntryLogReader, type RemovedRows, type RetentionBody } from '../entries.js';
import { readPartitions } from '../partitions/stored-partitions.js';
import type { AuditLog } from '../port.js';
import { isHeld, LOCK_HOLDS } from './held.js';

/** What is erased, and why. */
export interface ErasureRequest {
  readonly caller: EntryLogReader;
  readonly law: string;
  readonly reason: string;
  /** Only of entries for this purpose. */
  readonly purpose: string | undefined;
  /** Only of entries before this time; not in the future. */
  readonly before: Date;
}

export interface Erasing {
  /** As the owner. */
  readonly owner: Sql;
  /** A log that the owner appends to, whose commits may take as long as they need. */
  readonly log: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}

/** What an erasure did. */
export interface Erased {
  /** Rows of people that were removed, by log. */
  readonly logs: readonly RemovedRows[];
  /** Entries that a legal hold keeps as they are. */
  readonly held: number;
}

/** Times of entries: from `since` on (undefined: from the first), before `before`. */
interface Span {
  readonly since: string | undefined;
  readonly before: string;
}

/**
 * Erases what leads from entries to their people: index tokens, salts and sealed identities. The entries stay, and so does
 * the tree over them. Entries that a legal hold keeps are left as they are.
 *
 * It is recorded before anything is removed. Each month is removed in one transaction with the entry that says so, so that
 * it may end at any point, and be repeated. Rejects with `AuditUnavailable` if an entry cannot be written: then nothing of
 * that month is removed.
 */
export async function erasePeople(erasing: Erasing, request: ErasureRequest): Promise<Erased> {
  const { owner, log, clock, random } = erasing;
  const requestId = random.uuid();
  const facts = (at: Date, act: RetentionBody['act'], { since, before }: Span, logs: readonly RemovedRows[] = []) => ({
    ...{ requestId, at, act, caller: request.caller, reason: request.reason, law: request.law, logs },
    ...{ purpose: request.purpose ?? null, since: since ?? null, before },
  });
  const whole: Span = { since: undefined, before: request.before.toISOString() };
  await log.append({ body: retentionEntry(facts(clock.now(), 'erasure_asked', whole)), beside: {} });
  const logs: RemovedRows[] = [];
  for (const span of await spansOf(owner, whole.before)) {
    if (!(await hasRows(owner, request, span))) continue;
    const { result } = await log.appendChange({
      requestId,
      apply: (tx) => eraseSpan(tx, request, span),
      entry: (removed) => ({ body: retentionEntry(facts(clock.now(), 'erased', span, removed)), beside: {} }),
    });
    logs.push(...result);
  }
  return { logs: summed(logs), held: await heldEntries(owner, request) };
}

/** A transaction for each month, so that none is too long; times that no month has come last. */
async function spansOf(owner: SqlExecutor, before: string): Promise<readonly Span[]> {
  const ends = ((await readPartitions(owner)) ?? []).map(({ to }) => to).filter((to) => to < before);
  return [...ends, before].map((end, nth) => ({ since: ends[nth - 1], before: end }));
}

/** Rows that are erased. Of `audit_subject s`, with its entry `e`. */
const ERASABLE = `s.at < $1 AND ($2::timestamptz IS NULL OR s.at >= $2) AND e.at = s.at AND e.log_id = s.log_id AND e.index = s.index
  AND ($3::text IS NULL OR e.purpose = $3)`;

function valuesOf({ purpose }: ErasureRequest, { since, before }: Span): readonly unknown[] {
  return [before, since ?? null, purpose ?? null];
}

async function hasRows(owner: SqlExecutor, request: ErasureRequest, span: Span): Promise<boolean> {
  const { rows } = await owner.query<{ has: boolean }>(
    `SELECT EXISTS (SELECT FROM audit_subject s, audit_entry e WHERE ${ERASABLE} AND NOT ${isHeld('e')}) AS has`,
    valuesOf(request, span),
  );
  return rows[0]?.has === true;
}

async function eraseSpan(tx: SqlExecutor, request: ErasureRequest, span: Span): Promise<readonly RemovedRows[]> {
  await tx.query(LOCK_HOLDS);
  const { rows } = await tx.query<{ log_id: string; below: string; count: string }>(
    `WITH erased AS (DELETE FROM audit_subject s USING audit_entry e WHERE ${ERASABLE} AND NOT ${isHeld('e')} RETURNING s.log_id, s.index)
     SELECT log_id, max(index) + 1 AS below, count(*) FROM erased GROUP BY log_id ORDER BY log_id`,
    valuesOf(request, span),
  );
  return rows.map(({ log_id: log, below, count }) => ({ log, below: Number(below), count: Number(count) }));
}

async function heldEntries(owner: SqlExecutor, { purpose, before }: ErasureRequest): Promise<number> {
  const { rows } = await owner.query<{ held: number }>(
    `SELECT count(*)::int AS held FROM audit_entry e WHERE e.at < $1 AND ($2::text IS NULL OR e.purpose = $2) AND ${isHeld('e')}
       AND EXISTS (SELECT FROM audit_subject s WHERE s.at = e.at AND s.log_id = e.log_id AND s.index = e.index)`,
    [before.toISOString(), purpose ?? null],
  );
  return rows[0]?.held ?? 0;
}

function summed(logs: readonly RemovedRows[]): readonly RemovedRows[] {
  const byLog = new Map<string, RemovedRows>();
  for (const { log, below, count } of logs) {
    const known = byLog.get(log);
    byLog.set(log, { log, below: Math.max(below, known?.below ?? 0), count: count + (known?.count ?? 0) });
  }
  return [...byLog.values()];
}
