import { AuditUnavailable } from '../../monitoring/audit/port.js';
import { SearchRefused } from '../../monitoring/audit/search/filter.js';
import { SqlFailure } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';

/** Codes of the callers' address whose text is about questions. */
const OF_THE_BODY: ReadonlySet<string> = new Set(['BAD_REQUEST', 'BATCH_NOT_SUPPORTED']);

/**
 * Returns what was thrown while an officer's request was answered as a refusal. A log that cannot be written or read
 * refuses; any other error is the gateway's own fault, and its text stays inside.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal)
    return OF_THE_BODY.has(error.code) ? new Refusal('AUDIT_REQUEST_INVALID', { reasons: ['body'] }) : error;
  if (error instanceof SearchRefused) return new Refusal('AUDIT_REQUEST_INVALID', { reasons: [error.fault] });
  if (error instanceof AuditUnavailable) return new Refusal('AUDIT_UNAVAILABLE', { cause: error });
  if (error instanceof SqlFailure) return new Refusal('AUDIT_UNREADABLE', { cause: error });
  return new Refusal('INTERNAL_SERVER_ERROR', { cause: error });
}
