import type { EntryCase, EntrySearchFilters } from '../../monitoring/audit/entries.js';
import { storedLogName } from '../../monitoring/audit/log-name.js';
import { checkSearch, SearchRefused } from '../../monitoring/audit/search/filter.js';
import { groundsFault, type ReadGrounds } from '../../monitoring/audit/search/grounds.js';
import type { AuditSearch, SearchPage } from '../../monitoring/audit/search/search.js';
import type { CasePatterns } from '../../schemas/caller-texts/case-number.js';
import type { IndexTokens } from '../../schemas/ports/pseudonyms.js';
import { Refusal } from '../../schemas/refusal.js';
import { readerOf, scopeOf, type Officer } from './officer.js';
import type { PersonBudget } from './person-budget.js';

/** A search as an officer asks for it. */
export interface AskedSearch {
  readonly filters: EntrySearchFilters;
  /** Number of the person that is searched for. */
  readonly person?: string | undefined;
  readonly reason?: string | undefined;
  readonly case?: EntryCase | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface SearchingDependencies {
  readonly search: Pick<AuditSearch, 'search'>;
  readonly tokens: Pick<IndexTokens, 'indexTokens'>;
  readonly budget: PersonBudget;
  readonly patterns: CasePatterns;
  /** `audit.origin`: a log may be named by it. */
  readonly origin: string | undefined;
}

/** Searches the log for officers. */
export type Searching = (officer: Officer, asked: AskedSearch) => Promise<SearchPage>;

/** Kinds and outcomes of entries about those who read the log. */
const OF_READERS = /^audit_/;

/** Returns whether a search is directed at officers: by the id of one, or at those who read the log. */
function isAboutOfficers({ officer, kind = '', outcome = '' }: EntrySearchFilters): boolean {
  return officer !== undefined || OF_READERS.test(kind) || OF_READERS.test(outcome);
}

/**
 * Makes the search of officers. In this order: what is asked is well-formed, it has its grounds, a second officer has
 * approved it where one must, it is within the budget. Only then is it recorded and read. An officer sees entries of the
 * own agency; with `national`, of all.
 *
 * Rejects with `Refusal`, `SearchRefused`, `AuditUnavailable` or `SqlFailure`, and has shown nothing then.
 */
export function createSearching({ search, tokens, budget, patterns, origin }: SearchingDependencies): Searching {
  return async (officer, { filters: named, person, reason, case: matter, limit, after }) => {
    const filters = withStoredLog(named, origin);
    checkSearch(filters, limit);
    const grounds: ReadGrounds = { reason: reason ?? null, case: matter ?? null };
    checkGrounds(grounds, person, patterns);
    if (isAboutOfficers(filters)) throw new Refusal('APPROVAL_REQUIRED');
    if (person !== undefined) await budget.spend(officer);
    return search.search({
      reader: readerOf(officer),
      ...grounds,
      filters,
      person: person === undefined ? undefined : { identifier: person, tokens: tokens.indexTokens(person) },
      onlyAgency: scopeOf(officer),
      limit,
      after,
    });
  };
}

/** The database knows a log by its own name. */
function withStoredLog({ log, ...filters }: EntrySearchFilters, origin: string | undefined): EntrySearchFilters {
  if (log === undefined) return filters;
  const stored = storedLogName(log, origin);
  if (stored === undefined) throw new SearchRefused('unknown_log', 'there is no such log');
  return { ...filters, log: stored };
}

function checkGrounds(grounds: ReadGrounds, person: string | undefined, patterns: CasePatterns): void {
  const people = person === undefined ? [] : [person];
  const fault = groundsFault(grounds, { isDemanded: person !== undefined, people, patterns });
  if (fault !== undefined) throw new Refusal('AUDIT_REQUEST_INVALID', { reasons: [`${fault.of}_${fault.fault}`] });
}
