import type { EntrySearchFilters } from '../../monitoring/audit/entries.js';
import {
  defaultSince,
  isLimitedToDays,
  SearchRefused,
  type SearchFilter,
} from '../../monitoring/audit/search/filter.js';
import type { SearchedPerson } from '../../monitoring/audit/search/searched-person.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';

/** What is to be exported. */
export interface Covering {
  readonly sql: SqlExecutor;
  readonly clock: Pick<Clock, 'now'>;
  readonly filters: EntrySearchFilters;
  readonly person: SearchedPerson | undefined;
  /** Only entries of callers of this agency. */
  readonly onlyAgency?: string | undefined;
}

/** Which entries an export covers. */
export interface CoveredRange {
  readonly filter: SearchFilter;
  /** The same for the entry about the export: without index tokens. */
  readonly filters: EntrySearchFilters;
  /** Whether it covers the last 30 days because nothing else was asked for. */
  readonly isDefault: boolean;
  /** Entries at most. */
  readonly limit: number;
}

/** Resolves with what an export covers, by the rules of a search. Rejects with `SearchRefused` for a log that is not there. */
export async function coveredRange({ sql, clock, filters, person, onlyAgency }: Covering): Promise<CoveredRange> {
  await checkLog(sql, filters.log);
  const asked: SearchFilter = {
    ...filters,
    ...(onlyAgency === undefined ? {} : { agency: filters.agency ?? onlyAgency }),
    ...(person === undefined ? {} : { tokens: person.tokens }),
  };
  const isDefault = isLimitedToDays(asked);
  const since = isDefault ? defaultSince(asked, clock.now()) : asked.since;
  const range = since === undefined ? {} : { since };
  return {
    filter: { ...asked, ...range },
    filters: { ...filters, ...range },
    isDefault,
    limit: await countEntries(sql),
  };
}

async function checkLog(sql: SqlExecutor, log: string | undefined): Promise<void> {
  if (log === undefined) return;
  const { rows } = await sql.query('SELECT FROM audit_head WHERE log_id = $1', [log]);
  if (rows.length === 0) throw new SearchRefused('unknown_log', `there is no log ${JSON.stringify(log)}`);
}

/** Resolves with how many entries there are: more cannot be exported. */
async function countEntries(sql: SqlExecutor): Promise<number> {
  const { rows } = await sql.query<{ readonly entries: string }>('SELECT sum(size) AS entries FROM audit_head');
  return Math.max(1, Number(rows[0]?.entries ?? 0));
}
