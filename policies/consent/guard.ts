import type { Clock } from '../../schemas/ports/clock.js';
import { statusOf } from './consent-rows.js';
import type { ConsentGuard } from './port.js';

interface HeldRow {
  readonly consent_id: string;
  readonly revision: number;
  readonly status: 'given' | 'withdrawn';
  readonly valid_until: string;
}

/**
 * The guard over `consent_record`. One statement; the share locks make a withdrawal wait until the
 * transaction of the completion ends, and make the completion see a withdrawal that came first.
 */
export function createConsentGuard(clock: Clock): ConsentGuard {
  return async (tx, claims) => {
    if (claims.length === 0) return [];
    const { rows } = await tx.query<HeldRow>(
      `SELECT consent_id, revision, status, valid_until FROM consent_record WHERE consent_id = ANY ($1) ORDER BY consent_id FOR SHARE`,
      [[...new Set(claims.map(({ consentId }) => consentId))]],
    );
    // Read after the locks were granted: waiting for them may have outlasted a consent.
    const now = clock.now();
    const current = new Map(
      rows.filter((row) => statusOf(row, now) === 'given').map((row) => [row.consent_id, row.revision]),
    );
    return claims.filter(({ consentId, revision }) => current.get(consentId) !== revision);
  };
}
