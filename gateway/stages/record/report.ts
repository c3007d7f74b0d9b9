import { worstVerdict } from '../../../schemas/quality/worst-verdict.js';
import type { ExecutionOutcome } from '../../execution/port.js';
import type { PlannedDocument } from '../../planning/plan.js';
import type { Report } from '../../request.js';

/** Returns the `withheld`, `quality`, `provenance` and `deprecations` of an answer for `extensions.tereze`. */
export function reportOf(
  outcome: ExecutionOutcome,
  { deprecations }: Pick<PlannedDocument, 'deprecations'>,
  contractVersion: (register: string) => string,
): Report {
  return {
    ...(deprecations.length > 0 ? { deprecations } : {}),
    withheld: outcome.withheld,
    quality: { verdict: worstVerdict(outcome.records.map(({ verdict }) => verdict)), records: outcome.records },
    provenance: outcome.registers.map(({ register, calls, skippedCalls, failure, retrievedAt }) => ({
      register,
      contract: contractVersion(register),
      calls: calls + skippedCalls,
      failure,
      retrievedAt,
    })),
  };
}
