import { storedLogName } from '../../monitoring/audit/log-name.js';
import type { ApprovedAction, EntryCase, EntrySearchFilters } from '../../monitoring/audit/entries.js';
import { checkSearch, SearchRefused } from '../../monitoring/audit/search/filter.js';
import { groundsFault, type ReadGrounds } from '../../monitoring/audit/search/grounds.js';
import type { SearchedPerson } from '../../monitoring/audit/search/searched-person.js';
import type { AuditSearch, SearchPage } from '../../monitoring/audit/search/search.js';
import type { CasePatterns } from '../../schemas/caller-texts/case-number.js';
import type { IndexTokens } from '../../schemas/ports/pseudonyms.js';
import { Refusal } from '../../schemas/refusal.js';
import type { ApprovalRequest } from './approvals/approval.js';
import type { OfficerApprovals } from './approvals/approvals.js';
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
  /** Id of the approval of a second officer. */
  readonly approval?: string | undefined;
}

/** What is needed to check what an officer asks for. */
export interface Checking {
  readonly tokens: Pick<IndexTokens, 'indexTokens'>;
  readonly patterns: CasePatterns;
  /** `audit.origin`: a log may be named by it. */
  readonly origin: string | undefined;
}

export interface SearchingDependencies extends Checking {
  readonly search: Pick<AuditSearch, 'search'>;
  readonly budget: PersonBudget;
  readonly approvals: Pick<OfficerApprovals, 'use'>;
}

/** Searches the log for officers. */
export type Searching = (officer: Officer, asked: AskedSearch) => Promise<SearchPage>;

/** Kinds and outcomes of entries about those who read the log, and about what they asked. */
const OF_READERS = /^(?:audit|approval)/;

/** Returns whether a search is directed at officers: by the id of one, or at those who read the log. */
function isAboutOfficers({ officer, kind = '', outcome = '' }: EntrySearchFilters): boolean {
  return officer !== undefined || OF_READERS.test(kind) || OF_READERS.test(outcome);
}

/** Returns whether a search needs a second officer: one that is directed at officers, or at the one who asks. */
function needsSecondOfficer({ person: own }: Pick<Officer, 'person'>, { filters, person }: Checked): boolean {
  return isAboutOfficers(filters) || (own !== undefined && person?.identifier === own);
}

/**
 * Makes the search of officers. In this order: what is asked is well-formed, it has its grounds, it is within the budget, a
 * second officer has approved it where one must. Only then is it recorded and read. An officer sees entries of the own
 * agency; with `national`, of all.
 *
 * Rejects with `Refusal`, `SearchRefused`, `AuditUnavailable` or `SqlFailure`, and has shown nothing then.
 */
export function createSearching({ search, budget, approvals, ...checking }: SearchingDependencies): Searching {
  return async (officer, asked) => {
    const wanted = checked(asked, checking);
    const { filters, grounds, person } = wanted;
    const { limit, after, approval } = asked;
    const needsSecond = needsSecondOfficer(officer, wanted);
    if (needsSecond && approval === undefined) throw new Refusal('APPROVAL_REQUIRED');
    if (!needsSecond && approval !== undefined) throw notNeeded();
    const request =
      approval === undefined ? undefined : approvalRequestOf(officer, { action: 'search', ...asked }, checking);
    if (person !== undefined) await budget.spend(officer);
    if (approval !== undefined && request !== undefined) await approvals.use(officer, approval, request);
    return search.search({
      ...{ reader: readerOf(officer), ...grounds, filters, person, approval, limit, after },
      onlyAgency: scopeOf(officer),
    });
  };
}

/** What an officer asks a second officer to approve, unread. */
export interface AskedApproval extends Omit<AskedSearch, 'approval' | 'limit'> {
  /** Rows at most. Undefined for an export, which has none. */
  readonly limit?: number | undefined;
  readonly action: ApprovedAction;
  readonly format?: string | undefined;
}

/**
 * Returns what is to be approved, exactly, after it was checked as it will be when it is carried out. An approval needs a
 * reason and a case.
 *
 * @throws Refusal `AUDIT_REQUEST_INVALID`, `SearchRefused`.
 */
export function approvalRequestOf(
  officer: Pick<Officer, 'person'>,
  { action, format, ...asked }: AskedApproval,
  checking: Checking,
): ApprovalRequest {
  const wanted = checked(asked, checking, true);
  const { filters, grounds, person } = wanted;
  const { reason, case: matter } = grounds;
  if (reason === null || matter === null) throw new Refusal('AUDIT_REQUEST_INVALID', { reasons: ['reason_missing'] });
  if (action === 'search' && !needsSecondOfficer(officer, wanted)) throw notNeeded();
  if ((action === 'export') !== (format !== undefined))
    throw new Refusal('AUDIT_REQUEST_INVALID', { reasons: ['body.format'] });
  return { action, filters, person, limit: asked.limit ?? null, after: asked.after, format, reason, case: matter };
}

function notNeeded(): Refusal {
  return new Refusal('AUDIT_REQUEST_INVALID', { reasons: ['approval_not_needed'] });
}

interface Checked {
  readonly filters: EntrySearchFilters;
  readonly grounds: ReadGrounds;
  readonly person: SearchedPerson | undefined;
}

function checked(
  { filters: named, person: identifier, reason, case: matter, limit = 1 }: Omit<AskedApproval, 'action'>,
  { tokens, patterns, origin }: Checking,
  isDemanded = identifier !== undefined,
): Checked {
  const filters = withStoredLog(named, origin);
  checkSearch(filters, limit);
  const grounds: ReadGrounds = { reason: reason ?? null, case: matter ?? null };
  const people = identifier === undefined ? [] : [identifier];
  const fault = groundsFault(grounds, { isDemanded, people, patterns });
  if (fault !== undefined) throw new Refusal('AUDIT_REQUEST_INVALID', { reasons: [`${fault.of}_${fault.fault}`] });
  const person = identifier === undefined ? undefined : { identifier, tokens: tokens.indexTokens(identifier) };
  return { filters, grounds, person };
}

/** The database knows a log by its own name. */
function withStoredLog({ log, ...filters }: EntrySearchFilters, origin: string | undefined): EntrySearchFilters {
  if (log === undefined) return filters;
  const stored = storedLogName(log, origin);
  if (stored === undefined) throw new SearchRefused('unknown_log', 'there is no such log');
  return { ...filters, log: stored };
}
