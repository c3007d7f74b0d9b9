import type { Verdict } from '../../../schemas/vocabulary.js';
import type { ExecutionOutcome } from '../../execution/port.js';
import type { Report } from '../../request.js';

/** From best to worst: an answer's verdict is its worst record's. */
const WORSE_LAST: readonly Verdict[] = ['not_evaluated', 'pass', 'flagged', 'rejected'];

/** `withheld`, `quality` and `provenance` of an answer, as they stand in `extensions.tereze`. */
export function reportOf(outcome: ExecutionOutcome, contractVersion: (register: string) => string): Report {
  return {
    withheld: outcome.withheld,
    quality: { verdict: worst(outcome.records.map(({ verdict }) => verdict)), records: outcome.records },
    provenance: outcome.registers.map(({ register, calls, failure, retrievedAt }) => ({
      register,
      contract: contractVersion(register),
      calls,
      failure,
      retrievedAt,
    })),
  };
}

function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>((soFar, verdict) => (WORSE_LAST.indexOf(verdict) > WORSE_LAST.indexOf(soFar) ? verdict : soFar), 'not_evaluated');
}
