import { worstVerdict } from '../../../schemas/quality/worst-verdict.js';
import type { ExecutionOutcome } from '../../execution/port.js';
import type { Report } from '../../request.js';

/** `withheld`, `quality` and `provenance` of an answer, as they stand in `extensions.tereze`. */
export function reportOf(outcome: ExecutionOutcome, contractVersion: (register: string) => string): Report {
  return {
    withheld: outcome.withheld,
    quality: { verdict: worstVerdict(outcome.records.map(({ verdict }) => verdict)), records: outcome.records },
    provenance: outcome.registers.map(({ register, calls, spared, failure, retrievedAt }) => ({
      register,
      contract: contractVersion(register),
      calls: calls + spared,
      failure,
      retrievedAt,
    })),
  };
}
