import type { Observer } from '../../schemas/ports/observer.js';
import { contractCoverage } from '../../schemas/quality/contract-coverage.js';
import type { LoadedQuality } from '../../schemas/quality/load-quality.js';

/** Logs each rule of the contracts that Tereze does not evaluate, and how many there are of each register. */
export function logUnevaluatedRules({ contracts }: Pick<LoadedQuality, 'contracts'>, observer: Observer): void {
  for (const [register, contract] of contracts) {
    const { rules, notEvaluated } = contractCoverage(contract);
    for (const { file, line, about, rule, reason } of notEvaluated)
      observer.log('info', 'contract_rule_not_evaluated', { register, file, line, about, rule, reason });
    observer.log('info', 'contract_loaded', { register, rules, notEvaluated: notEvaluated.length });
  }
}
