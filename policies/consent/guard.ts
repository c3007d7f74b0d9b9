import type { Clock } from '../../schemas/ports/clock.js';
import type { StatementPart } from '../../schemas/ports/sql.js';
import { statusOf, type StoredStatus } from './consent-rows.js';
import type { ConsentGuard } from './port.js';

interface HeldRow {
  readonly consent_id: string;
  readonly revision: number;
  readonly status: StoredStatus;
  readonly valid_until: string;
}

/**
 * Returns the guard over `consent_record`. It runs one statement with share locks: a withdrawal waits
 * until the transaction of the completion ends, and the completion sees a withdrawal that came first.
 */
export function createConsentGuard(clock: Clock): ConsentGuard {
  return async (tx, claims) => {
    if (claims.length === 0) return [];
    const { rows } = await tx.query<HeldRow>(
      `SELECT consent_id, revision, status, valid_until FROM consent_record WHERE consent_id = ANY ($1) ORDER BY consent_id FOR SHARE`,
      [[...new Set(claims.map(({ consentId }) => consentId))]],
    );
    // The clock is read after the locks are granted: a consent may have ended during the wait.
    const now = clock.now();
    const current = new Map(
      rows.filter((row) => statusOf(row, now) === 'given').map((row) => [row.consent_id, row.revision]),
    );
    return claims.filter(({ consentId, revision }) => current.get(consentId) !== revision);
  };
}

/** Longer than a statement runs before the server ends it, in milliseconds. */
const LONGEST_STATEMENT_MS = 10_000;

/**
 * The same check as part of one statement. It holds the consents with these ids that are in force, and stay in force for
 * longer than the statement can wait for its locks: no clock is read after the wait. A consent that ends so soon is left
 * to the guard.
 */
export function heldConsents(clock: Clock): StatementPart<readonly string[]> {
  return {
    parameters: 2,
    text: (first, condition) => `
  SELECT consent_id::text AS consent_id, revision FROM consent_record
  WHERE consent_record.consent_id = ANY ($${first}::uuid[]) AND status = 'given' AND valid_until > $${first + 1}::timestamptz AND ${condition}
  ORDER BY consent_record.consent_id FOR SHARE`,
    values: (ids) => [ids, new Date(clock.now().getTime() + LONGEST_STATEMENT_MS).toISOString()],
  };
}
