import type { SqlExecutor } from '../../../schemas/ports/sql.js';

/** How far the rows of the logs were compared with their bytes. */
export interface Compared {
  /** Each log that has entries: every row before position `through` was compared since `at`; `at` is null if no round has ended. */
  readonly logs: readonly ComparedLog[];
  /** The earliest `at` of all logs; null if a log has none. ISO 8601, UTC. */
  readonly at: string | null;
  /** Rows that were found to differ from their bytes or to be missing, the first 100. */
  readonly findings: readonly { readonly log: string; readonly index: number; readonly what: readonly string[] }[];
  /** How many there are. */
  readonly found: number;
}

export interface ComparedLog {
  readonly log: string;
  readonly size: number;
  readonly through: number;
  readonly at: string | null;
}

interface LogRow {
  readonly log_id: string;
  readonly size: string;
  readonly through: string;
  readonly at: string | null;
}

/** Resolves with how far the rows of all logs were compared with their bytes, and with what was found. */
export async function readCompared(sql: SqlExecutor): Promise<Compared> {
  const { rows } = await sql.query<LogRow>(
    `SELECT h.log_id, h.size, coalesce(r.compared_through, 0) AS through, r.compared_since AS at
     FROM audit_head h LEFT JOIN audit_rederivation r USING (log_id) WHERE h.size > 0
     ORDER BY split_part(h.log_id, '/', 2)::bigint`,
  );
  const findings = await sql.query<{ log_id: string; index: string; what: readonly string[]; found: number }>(
    'SELECT log_id, index, what, count(*) OVER ()::int AS found FROM audit_finding ORDER BY log_id, index LIMIT 100',
  );
  const logs = rows.map(({ log_id: log, size, through, at }) => ({
    log,
    size: Number(size),
    through: Number(through),
    at,
  }));
  const times = logs.map(({ at }) => at);
  return {
    logs,
    at: times.includes(null) ? null : (times.sort()[0] ?? null),
    findings: findings.rows.map(({ log_id: log, index, what }) => ({ log, index: Number(index), what })),
    found: findings.rows[0]?.found ?? 0,
  };
}
