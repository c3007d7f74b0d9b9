import { PREPARED, type SqlExecutor } from '../../schemas/ports/sql.js';
import type { FollowedEntry } from './followed-entry.js';

/** Entries of several logs in the order of their times, and where each log goes on after them. */
export interface FollowedPage {
  readonly entries: readonly FollowedEntry[];
  readonly moves: readonly CursorMove[];
  /** Whether there are more. */
  readonly hasMore: boolean;
}

/** A log is followed up to `to`, exclusive, if it was at `from`. */
export interface CursorMove {
  readonly log: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Reads what detection has not followed: at most `most` positions of each log. Of logs that have more, only entries are
 * taken up to the earliest time at which one of these pages ends, so that a log that is far behind does not come after the
 * others. A position whose entry is missing is passed over; `tereze audit verify` names it.
 */
export async function readPage(sql: SqlExecutor, most: number): Promise<FollowedPage> {
  const heads = await sql.query<{ log_id: string; next: string; size: string }>(
    `SELECT h.log_id, coalesce(d.next_index, 0) AS next, h.size FROM audit_head h LEFT JOIN audit_detection d USING (log_id)
     WHERE h.size > coalesce(d.next_index, 0) ORDER BY h.log_id`,
  );
  const parts = heads.rows.map(({ log_id: log, next, size }) => {
    const from = Number(next);
    return { log, from, to: Math.min(from + most, Number(size)), isLast: from + most >= Number(size) };
  });
  if (parts.length === 0) return { entries: [], moves: [], hasMore: false };
  const { rows } = await sql.query<FollowedRow>(
    ENTRIES,
    [parts.map(({ log }) => log), parts.map(({ from }) => from), parts.map(({ to }) => to)],
    PREPARED,
  );
  const read = new Map<string, FollowedEntry[]>(parts.map(({ log }) => [log, []]));
  for (const row of rows) read.get(row.log_id)?.push(followedEntry(row));
  const ends = parts
    .filter(({ isLast }) => !isLast)
    .map(({ log }) => Math.max(...(read.get(log) ?? []).map(({ at }) => at)));
  const horizon = Math.min(Number.POSITIVE_INFINITY, ...ends);
  const taken = parts.map((part) => takeUpTo(horizon, part, read.get(part.log) ?? []));
  return {
    entries: taken
      .flatMap(({ entries }) => entries)
      .sort((one, other) => one.at - other.at || (one.log < other.log ? -1 : 1) || one.index - other.index),
    moves: taken.map(({ move }) => move),
    hasMore: taken.some(({ move }, nth) => move.to < Number(heads.rows[nth]?.size)),
  };
}

/** Takes the entries before the first that is later than the horizon. */
function takeUpTo(
  horizon: number,
  { log, from, to }: CursorMove,
  entries: readonly FollowedEntry[],
): { readonly entries: readonly FollowedEntry[]; readonly move: CursorMove } {
  const end = entries.findIndex(({ at }) => at > horizon);
  const next = end === -1 ? to : (entries[end]?.index ?? to);
  return { entries: end === -1 ? entries : entries.slice(0, end), move: { log, from, to: next } };
}

/** Moves cursors. Resolves with false if one of them is not where it was: another replica follows. */
export async function moveCursors(tx: SqlExecutor, moves: readonly CursorMove[]): Promise<boolean> {
  const changed = moves.filter(({ from, to }) => to > from);
  const logs = changed.map(({ log }) => log);
  await tx.query(
    `INSERT INTO audit_detection (log_id, next_index) SELECT log, 0 FROM unnest($1::text[]) AS log ON CONFLICT DO NOTHING`,
    [logs],
  );
  const { count } = await tx.query(
    `UPDATE audit_detection d SET next_index = m.later FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS m (log, earlier, later)
     WHERE d.log_id = m.log AND d.next_index = m.earlier`,
    [logs, changed.map(({ from }) => from), changed.map(({ to }) => to)],
  );
  return count === changed.length;
}

/** Resolves with the time of the oldest entry that is not followed, ISO 8601; null if all are. */
export async function oldestUnfollowed(sql: SqlExecutor): Promise<string | null> {
  const { rows } = await sql.query<{ at: string | null }>(
    `SELECT min(e.at) AS at FROM audit_head h LEFT JOIN audit_detection d USING (log_id)
     CROSS JOIN LATERAL (SELECT e.at FROM audit_entry e
       WHERE e.log_id = h.log_id AND e.index >= coalesce(d.next_index, 0) AND e.index < h.size ORDER BY e.index LIMIT 1) e
     WHERE h.size > coalesce(d.next_index, 0)`,
  );
  return rows[0]?.at ?? null;
}

/** `OFFSET 0` keeps the parts apart: joined as one, the whole log would be read for a few entries of several logs. */
const ENTRIES = `
  SELECT e.log_id, e.index, e.at, e.kind, e.outcome, e.code, e.agency, e.system, e.officer, e.purpose, e.case_number,
    coalesce(e.document_name, e.document_hash) AS document, e.registers, e.categories,
    ARRAY (SELECT s.position FROM audit_subject s WHERE s.at = e.at AND s.log_id = e.log_id AND s.index = e.index AND s.index_token IS NOT NULL
      ORDER BY s.position) AS positions,
    ARRAY (SELECT encode(s.index_token, 'hex') FROM audit_subject s WHERE s.at = e.at AND s.log_id = e.log_id AND s.index = e.index AND s.index_token IS NOT NULL
      ORDER BY s.position) AS tokens
  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS part (log, first, last)
  CROSS JOIN LATERAL (SELECT * FROM audit_entry WHERE log_id = part.log AND index >= part.first AND index < part.last ORDER BY index OFFSET 0) e
  ORDER BY e.log_id, e.index`;

interface FollowedRow {
  readonly log_id: string;
  readonly index: string;
  readonly at: string;
  readonly kind: string;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly agency: string | null;
  readonly system: string | null;
  readonly officer: string | null;
  readonly purpose: string | null;
  readonly case_number: string | null;
  readonly document: string | null;
  readonly registers: readonly string[] | null;
  readonly categories: readonly string[] | null;
  readonly positions: readonly number[];
  readonly tokens: readonly string[];
}

function followedEntry(row: FollowedRow): FollowedEntry {
  const { log_id: log, index, at, case_number: caseNumber, registers, categories, positions, tokens, ...rest } = row;
  return {
    ...rest,
    log,
    index: Number(index),
    at: Date.parse(at),
    caseNumber,
    registers: registers ?? [],
    categories: categories ?? [],
    people: tokens.map((token, nth) => ({ token, position: positions[nth] ?? 0 })),
  };
}
