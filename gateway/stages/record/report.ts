import { worstVerdict } from '../../../schemas/quality/worst-verdict.js';
import type { ExecutionOutcome } from '../../execution/port.js';
import type { PlannedDocument } from '../../planning/plan.js';
import type { Received, Report } from '../../request.js';
import type { DoneDependencies } from '../done.js';

/** The parts of an executed question that its report is made of. */
export interface Reported extends Pick<Received, 'access'> {
  readonly outcome: ExecutionOutcome;
  readonly work: { readonly planned: Pick<PlannedDocument, 'deprecations'> };
}

/** Returns the `withheld`, `quality`, `provenance` and `deprecations` of an answer for `extensions.tereze`. */
export function reportOf(
  { access, outcome, work: { planned } }: Reported,
  { clock, contractVersion }: DoneDependencies,
): Report {
  const { deprecations } = planned;
  const now = { monotonic: clock.monotonic(), iso: clock.now().toISOString() };
  return {
    ...(deprecations.length > 0 ? { deprecations } : {}),
    withheld: outcome.withheld,
    quality: { verdict: worstVerdict(outcome.records.map(({ verdict }) => verdict)), records: outcome.records },
    provenance: access.registersAt(now).map(({ register, reads, skippedCalls, failure, converted, retrievedAt }) => ({
      register,
      contract: contractVersion(register),
      calls: reads + skippedCalls,
      failure,
      retrievedAt,
      ...(converted.length > 0 ? { converted } : {}),
    })),
  };
}
