/**
 * Returns the condition that a hold keeps a row of `audit_entry` with this alias. A hold keeps from when it is asked for
 * until it is lifted.
 */
export function isHeld(entry: string): string {
  return `EXISTS (SELECT FROM audit_hold h WHERE h.lifted_at IS NULL
    AND (h.since IS NULL OR ${entry}.at >= h.since) AND (h.before IS NULL OR ${entry}.at < h.before)
    AND (h.case_number IS NULL OR ${entry}.case_number = h.case_number) AND (h.agency IS NULL OR ${entry}.agency = h.agency)
    AND (h.tokens IS NULL OR EXISTS (SELECT FROM audit_subject held WHERE held.at = ${entry}.at
      AND held.log_id = ${entry}.log_id AND held.index = ${entry}.index AND held.index_token = ANY (h.tokens))))`;
}

/** Keeps holds from being asked for or lifted until the transaction ends. */
export const LOCK_HOLDS = 'LOCK TABLE audit_hold IN SHARE MODE';
