import type { ConsentRecord, ConsentStatus } from './port.js';

/** The status that the table holds. */
export type StoredStatus = 'given' | 'suspended' | 'withdrawn';

/** A row of `consent_record` with its agreement. */
export interface ConsentRow {
  readonly consent_id: string;
  readonly agency: string;
  readonly purpose: string;
  readonly case_number: string;
  readonly categories: readonly string[];
  readonly revision: number;
  readonly status: StoredStatus;
  readonly given_at: string;
  readonly valid_until: string;
  readonly withdrawn_at: string | null;
}

/** Columns of {@link ConsentRow}, of `consent_record` joined with `consent_agreement`. */
export const CONSENT_COLUMNS =
  'consent_id, agency, purpose, case_number, categories, revision, status, given_at, valid_until, withdrawn_at';

/** Returns the record as the citizen sees it at this moment of real time. */
export function consentRecordOf(row: ConsentRow, now: Date): ConsentRecord {
  return {
    id: row.consent_id,
    revision: row.revision,
    agency: row.agency,
    purpose: row.purpose,
    ...(row.case_number === '' ? {} : { caseNumber: row.case_number }),
    categories: row.categories,
    status: statusOf(row, now),
    givenAt: isoOf(row.given_at),
    validUntil: isoOf(row.valid_until),
    ...(row.withdrawn_at === null ? {} : { withdrawnAt: isoOf(row.withdrawn_at) }),
  };
}

/** Returns the status at this moment. The table does not hold `expired`: it follows from the time. A withdrawn consent stays withdrawn. */
export function statusOf(row: Pick<ConsentRow, 'status' | 'valid_until'>, now: Date): ConsentStatus {
  if (row.status === 'withdrawn') return 'withdrawn';
  return new Date(row.valid_until).getTime() > now.getTime() ? row.status : 'expired';
}

const isoOf = (timestamp: string): string => new Date(timestamp).toISOString();
