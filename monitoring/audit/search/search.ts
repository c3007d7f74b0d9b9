import type { Clock } from '../../../schemas/ports/clock.js';
import type { Random } from '../../../schemas/ports/random.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import {
  auditReadEndEntry,
  auditReadEntry,
  type AuditReadEndBody,
  type EntryCase,
  type EntryLogReader,
  type EntrySearchFilters,
} from '../entries.js';
import type { AuditLog } from '../port.js';
import type { StoredEntry } from '../stored-entry.js';
import { readCompared, type Compared } from '../rederive/compared.js';
import { cursorText, parseCursor, type EntryPosition } from './cursor.js';
import { checkSearch, defaultSince, isLimitedToDays, SearchRefused, type SearchFilter } from './filter.js';
import { scanEntries, type FoundEntry } from './scan.js';
import { committedPerson, type SearchedPerson } from './searched-person.js';
import { isOfAgency } from './scope.js';

/** A search, and who makes it why. */
export interface SearchRequest {
  readonly reader: EntryLogReader;
  /** Why, in the reader's words; the caller has checked it. */
  readonly reason: string | null;
  /** The case for which the reader searches. */
  readonly case: EntryCase | null;
  readonly filters: EntrySearchFilters;
  /** The person that is searched for. */
  readonly person?: SearchedPerson | undefined;
  /** Only entries whose bytes name this agency as that of the caller. */
  readonly onlyAgency?: string | undefined;
  /** Id of the approval of a second officer that this search uses, where one is needed. The caller has checked it. */
  readonly approval?: string | undefined;
  /** Most rows, from 1 to 10,000. */
  readonly limit: number;
  /** Cursor of an earlier page of the same search. */
  readonly after?: string | undefined;
}

/** A page of a search. */
export interface SearchPage {
  /** Id of this search: its entries are of this request. */
  readonly searchId: string;
  /** Newest first. */
  readonly entries: readonly StoredEntry[];
  /** `complete`: there are no more; `limit`: there may be more; `time`: the time limit ended the search before that. */
  readonly ended: Exclude<AuditReadEndBody['ended'], 'failed'>;
  /** Goes on after this page. Undefined if there are no more. */
  readonly next: string | undefined;
  /** From which time it looked, ISO 8601, UTC; undefined: from the first entry. */
  readonly since: string | undefined;
  /** Whether `since` is the default of 30 days. */
  readonly isDefaultRange: boolean;
  /** Up to which entry the rows of all logs were compared with their bytes, and when. */
  readonly compared: Compared;
}

export interface AuditSearchOptions {
  readonly sql: Sql;
  /** Where each search is recorded. */
  readonly log: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  /** Time after which a search returns what it has found, in milliseconds. */
  readonly limitMs: number;
}

/**
 * Searches the audit log for a person who is allowed to.
 *
 * Contract
 * - The search is an entry of kind `audit_read` that is committed before the first row is read. How many rows were found
 *   is an entry of kind `audit_read_end` that is committed before the page is returned. If one of them cannot be written,
 *   `search` rejects with `AuditUnavailable` and returns nothing.
 * - A page is never shortened silently: `ended` says why it ended, `next` where it goes on.
 * - Rejects with {@link SearchRefused} for a search that cannot be made; nothing was recorded then.
 */
export class AuditSearch {
  readonly #options: AuditSearchOptions;

  constructor(options: AuditSearchOptions) {
    this.#options = options;
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    const { clock, random } = this.#options;
    const asked = askedFor(request);
    checkSearch(asked, request.limit);
    const cursor = request.after === undefined ? undefined : parseCursor(request.after, asked);
    await this.#checkLog(asked);
    const isDefaultRange = isLimitedToDays(asked);
    const since = isDefaultRange ? (cursor?.since ?? defaultSince(asked, clock.now())) : asked.since;
    const filter: SearchFilter = since === undefined ? asked : { ...asked, since };
    const searchId = random.uuid();
    await this.#recordBegin(searchId, request, { since, isContinued: cursor !== undefined });
    try {
      const { found, ended, position } = await this.#read(searchId, request, { filter, after: cursor?.position });
      const compared = await readCompared(this.#options.sql);
      await this.#recordEnd(searchId, request, { rows: found.length, ended });
      const next =
        position && cursorText({ position, ...(isDefaultRange && since !== undefined ? { since } : {}) }, asked);
      return { searchId, entries: found.map(({ entry }) => entry), ended, next, since, isDefaultRange, compared };
    } catch (error) {
      // If the log cannot be written either, that the search has no end says the same.
      await this.#recordEnd(searchId, request, { rows: 0, ended: 'failed' }).catch(() => undefined);
      throw error;
    }
  }

  async #recordBegin(
    searchId: string,
    { reader, reason, case: matter, filters, person, approval, limit }: SearchRequest,
    { since, isContinued }: { readonly since: string | undefined; readonly isContinued: boolean },
  ): Promise<void> {
    const { log, clock, random } = this.#options;
    const { subjects, beside } = committedPerson(person, random);
    await log.append({
      body: auditReadEntry({
        requestId: searchId,
        at: clock.now(),
        act: 'audit_searched',
        caller: reader,
        reason,
        case: matter,
        filters: { ...filters, ...(since === undefined ? {} : { since }) },
        subjects,
        ...(approval === undefined ? {} : { approval }),
        limit,
        continued: isContinued,
      }),
      beside,
    });
  }

  async #recordEnd(
    searchId: string,
    { reader }: SearchRequest,
    ending: Pick<AuditReadEndBody, 'rows' | 'ended'>,
  ): Promise<void> {
    const { log, clock } = this.#options;
    const common = { requestId: searchId, at: clock.now(), act: 'audit_searched', caller: reader } as const;
    await log.append({ body: auditReadEndEntry({ ...common, ...ending }), beside: {} });
  }

  #read(
    searchId: string,
    { limit, onlyAgency }: SearchRequest,
    { filter, after }: { readonly filter: SearchFilter; readonly after: EntryPosition | undefined },
  ): Promise<Collected> {
    const { sql, clock, limitMs } = this.#options;
    return collect({ sql, clock, filter, after, but: searchId, rows: limit + 1 }, { limit, limitMs, onlyAgency });
  }

  async #checkLog({ log }: SearchFilter): Promise<void> {
    if (log === undefined) return;
    const { rows } = await this.#options.sql.query('SELECT FROM audit_head WHERE log_id = $1', [log]);
    if (rows.length === 0) throw new SearchRefused('unknown_log', `there is no log ${JSON.stringify(log)}`);
  }
}

function askedFor({ filters, person, onlyAgency }: SearchRequest): SearchFilter {
  return {
    ...filters,
    ...(person === undefined ? {} : { tokens: person.tokens }),
    ...(onlyAgency === undefined ? {} : { agency: filters.agency ?? onlyAgency }),
  };
}

interface Collected {
  readonly found: readonly FoundEntry[];
  readonly ended: SearchPage['ended'];
  /** Where the next page goes on. */
  readonly position: EntryPosition | undefined;
}

/** Takes parts until there are rows for a page, everything was looked at, or the time is over. */
async function collect(
  scan: Parameters<typeof scanEntries>[0],
  {
    limit,
    limitMs,
    onlyAgency,
  }: { readonly limit: number; readonly limitMs: number; readonly onlyAgency: string | undefined },
): Promise<Collected> {
  const begun = scan.clock.monotonic();
  const found: FoundEntry[] = [];
  for await (const part of scanEntries(scan)) {
    found.push(...part.found.filter(({ entry }) => onlyAgency === undefined || isOfAgency(entry, onlyAgency)));
    if (found.length > limit) {
      const page = found.slice(0, limit);
      return { found: page, ended: 'limit', position: page.at(-1)?.position };
    }
    if (part.position !== undefined && scan.clock.monotonic() - begun >= limitMs)
      return { found, ended: 'time', position: part.position };
  }
  return { found, ended: 'complete', position: undefined };
}
