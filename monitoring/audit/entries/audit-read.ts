import type { CallerKind } from '../../../schemas/vocabulary.js';
import { commonFields, type CommonFields, type EntryFacts } from './every-entry.js';
import type { EntryCase } from './request.js';
import type { EntrySubject } from './subject.js';

/** Who reads entries of the audit log, as entries state it: an officer, an operator, or a caller who reads that of its own request. */
export interface EntryReader {
  /** Id of the reader's agency; null for an operator at the installation itself. */
  readonly agency: string | null;
  /** The registered client by which it is read, or `tereze` for the command line beside the database. */
  readonly system: string;
  readonly kind: CallerKind | 'operator';
  /** Opaque id of the officer, or of the one that a system or AI service acts for; for an operator the account on the machine. */
  readonly officer: string | null;
}

/** Who reads any entries of the audit log, as entries state it. */
export interface EntryLogReader extends EntryReader {
  readonly kind: Extract<CallerKind, 'officer'> | 'operator';
}

/** The filters of a search, as its entry states them. The person that was searched for is in `subjects`. Absent: not narrowed. */
export interface EntrySearchFilters {
  /** Earliest time, inclusive; ISO 8601, UTC. */
  readonly since?: string;
  /** Latest time, exclusive. */
  readonly until?: string;
  readonly agency?: string;
  readonly system?: string;
  readonly officer?: string;
  readonly model?: string;
  readonly register?: string;
  readonly category?: string;
  readonly purpose?: string;
  readonly case?: string;
  readonly kind?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly document?: string;
  readonly operation?: string;
  readonly request?: string;
  readonly log?: string;
}

/** As what entries leave in an export. */
export type AuditExportFormat = 'tiles' | 'csv' | 'jsonl' | 'ocsf' | 'bundle';
/**
 * How the audit log was read: by a search, an export, one entry, the entries of a request, counts by hour, how far the log was compared
 * with its bytes, or what waits for the approval of a second officer.
 */
export type AuditReadAct =
  | 'audit_searched'
  | 'audit_exported'
  | 'audit_entry_read'
  | 'audit_bundle_read'
  | 'audit_own_entry_read'
  | 'audit_request_read'
  | 'audit_counted'
  | 'audit_status_read'
  | 'audit_approvals_read'
  | 'audit_affected_listed'
  | 'audit_reconciled'
  | 'audit_people_identified';

/** Someone reads the audit log. Committed before the first row is shown. */
export interface AuditReadBody extends CommonFields<'audit_read'> {
  readonly act: AuditReadAct;
  readonly caller: EntryReader;
  /** Why, in the reader's words. Null only where none is demanded. */
  readonly reason: string | null;
  /** The case for which the reader reads. */
  readonly case: EntryCase | null;
  readonly filters: EntrySearchFilters;
  /** The person that is searched for, or no one. */
  readonly subjects: readonly EntrySubject[];
  /** Of an export, its format. Absent in a search. */
  readonly format?: AuditExportFormat;
  /** Of a reading of one entry, its place: log, slash, index. Of a bundle, that of its first entry. */
  readonly entry?: string;
  /** Id of the approval of a second officer that was used. Absent where none is needed. */
  readonly approval?: string;
  /** Most rows that are shown. */
  readonly limit: number;
  /** Whether this is a further page of an earlier search. */
  readonly continued: boolean;
}

/** How a reading of the audit log ended. Without one, it is not known how many rows were shown. */
export interface AuditReadEndBody extends CommonFields<'audit_read_end'> {
  readonly act: AuditReadAct;
  readonly caller: EntryReader;
  /** Rows that were found and are shown. */
  readonly rows: number;
  /** `complete`: there are no more; `limit`: there may be more; `time`: the time limit ended the search; `failed`: nothing was shown. */
  readonly ended: 'complete' | 'limit' | 'time' | 'failed';
}

/** Returns the entry of a reading of the audit log. */
export function auditReadEntry({
  act,
  caller,
  reason,
  case: matter,
  filters,
  subjects,
  format,
  entry,
  approval,
  limit,
  continued,
  ...facts
}: EntryFacts<AuditReadBody>): AuditReadBody {
  return {
    ...commonFields('audit_read', facts),
    act,
    caller,
    reason,
    case: matter,
    filters,
    subjects,
    ...(format === undefined ? {} : { format }),
    ...(entry === undefined ? {} : { entry }),
    ...(approval === undefined ? {} : { approval }),
    limit,
    continued,
  };
}

/** Returns the entry that says how a reading ended. */
export function auditReadEndEntry({
  act,
  caller,
  rows,
  ended,
  ...facts
}: EntryFacts<AuditReadEndBody>): AuditReadEndBody {
  return { ...commonFields('audit_read_end', facts), act, caller, rows, ended };
}
