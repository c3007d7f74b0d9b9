import type { Sql } from '../../schemas/ports/sql.js';
import { storedLogName } from './log-name.js';
import { findLostEntries, type LostEntries } from './lost-entries.js';
import { withErasures } from './removals/removals.js';
import { STORED_ENTRY, storedEntry, type EntryRow, type StoredEntry } from './stored-entry.js';

/** Which entries to list. Every field narrows the list. */
export interface EntryFilter {
  readonly kind?: string | undefined;
  readonly agency?: string | undefined;
  readonly purpose?: string | undefined;
  readonly case?: string | undefined;
  readonly requestId?: string | undefined;
  readonly operation?: string | undefined;
  readonly code?: string | undefined;
  /** Index tokens of a subject, hex: one for each live key (Pseudonyms.indexTokens). */
  readonly subjectTokens?: readonly string[] | undefined;
  /** Maximum of entries, newest first. */
  readonly limit: number;
  /** Continue after this entry of an earlier page. */
  readonly after?: { readonly at: string; readonly log: string; readonly index: number } | undefined;
}

/** Reads the logs of all replicas. A log may be named as in the database or as in receipts. Contract: never changes anything; `intact` of each entry says whether its bytes still hash to its leaf. */
export interface AuditReader {
  list(filter: EntryFilter): Promise<readonly StoredEntry[]>;
  /** Resolves with one entry, or undefined. */
  show(log: string, index: number): Promise<StoredEntry | undefined>;
  /** Resolves with the lost part of a log to which this position belongs, or undefined. */
  lost(log: string, index: number): Promise<LostEntries | undefined>;
  /** Resolves with all entries of a request, oldest first. */
  request(requestId: string): Promise<readonly StoredEntry[]>;
}

/** @param origin name of the installation (`audit.origin`): receipts name its logs by it. */
export function createAuditReader(sql: Sql, origin?: string): AuditReader {
  return {
    list: async (filter) => {
      const { text, values } = listStatement(filter);
      return withErasures(sql, (await sql.query<EntryRow>(text, values)).rows.map(storedEntry));
    },
    show: async (log, index) => {
      const { rows } = await sql.query<EntryRow>(
        `SELECT ${STORED_ENTRY} FROM audit_entry e WHERE e.log_id = $1 AND e.index = $2`,
        [storedLogName(log, origin) ?? null, index],
      );
      return (await withErasures(sql, rows.slice(0, 1).map(storedEntry)))[0];
    },
    lost: async (name, index) => {
      const log = storedLogName(name, origin);
      return log === undefined ? undefined : findLostEntries(sql, log, index);
    },
    request: async (requestId) => {
      const { rows } = await sql.query<EntryRow>(
        `SELECT ${STORED_ENTRY} FROM audit_entry e WHERE e.request_id = $1 ORDER BY e.at, e.log_id, e.index`,
        [requestId],
      );
      return withErasures(sql, rows.map(storedEntry));
    },
  };
}

const COLUMN_OF = {
  kind: 'kind',
  agency: 'agency',
  purpose: 'purpose',
  case: 'case_number',
  requestId: 'request_id',
  operation: 'operation',
  code: 'code',
} as const;

function listStatement(filter: EntryFilter): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const conditions = Object.entries(COLUMN_OF).flatMap(([key, column]) => {
    const wanted = filter[key as keyof typeof COLUMN_OF];
    return wanted === undefined ? [] : [`e.${column} = ${place(wanted)}`];
  });
  if (filter.subjectTokens !== undefined) {
    conditions.push(
      `EXISTS (SELECT 1 FROM audit_subject s WHERE s.at = e.at AND s.log_id = e.log_id AND s.index = e.index AND s.index_token = ANY (${place(filter.subjectTokens.map((token) => Buffer.from(token, 'hex')))}::bytea[]))`,
    );
  }
  if (filter.after !== undefined) {
    conditions.push(
      `(e.at, e.log_id, e.index) < (${place(filter.after.at)}::timestamptz, ${place(filter.after.log)}, ${place(filter.after.index)}::bigint)`,
    );
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    text: `SELECT ${STORED_ENTRY} FROM audit_entry e ${where} ORDER BY e.at DESC, e.log_id DESC, e.index DESC LIMIT ${place(filter.limit)}`,
    values,
  };
}
