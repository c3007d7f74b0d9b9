import type { EntryDraft } from '../../monitoring/audit/entries.js';
import {
  AuditUnavailable,
  type AppendOptions,
  type Appended,
  type AppendedChange,
  type AuditLog,
  type StateChange,
} from '../../monitoring/audit/port.js';
import { Refusal } from '../../schemas/refusal.js';

/**
 * Appends an entry, and resolves with its place in the log. Rejects with the refusal
 * `AUDIT_UNAVAILABLE` if it is not known that the entry is in the log. `ClaimsStale` and `ProofUsedBefore` pass through.
 */
export async function appendOrRefuse(
  audit: AuditLog,
  draft: EntryDraft,
  { claims = [], use }: AppendOptions = {},
): Promise<Appended> {
  try {
    return await audit.append(draft, {
      ...(claims.length > 0 ? { claims } : {}),
      ...(use === undefined ? {} : { use }),
    });
  } catch (error) {
    if (error instanceof AuditUnavailable) throw new Refusal('AUDIT_UNAVAILABLE', { cause: error });
    throw error;
  }
}

/**
 * Makes a change and appends its entry, together. Rejects with the refusal `AUDIT_UNAVAILABLE` if it is
 * not known that both are done; its reason `outcome_unknown` says that they may be. What the change
 * throws passes through.
 */
export async function changeOrRefuse<Result>(
  audit: AuditLog,
  change: StateChange<Result>,
): Promise<AppendedChange<Result>> {
  try {
    return await audit.appendChange(change);
  } catch (error) {
    if (!(error instanceof AuditUnavailable)) throw error;
    const reasons = error.outcome === 'unknown' ? ['outcome_unknown'] : [];
    throw new Refusal('AUDIT_UNAVAILABLE', { reasons, cause: error });
  }
}
