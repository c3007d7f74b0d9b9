import { SeveralProblems } from '../../../schemas/problems.js';
import { ContractInvalid, type ContractReader } from '../../../schemas/quality/contracts/read-contracts.js';
import { loadQuality } from '../../../schemas/quality/load-quality.js';
import { systemClock } from '../../compose/clock.js';
import type { FileProblem } from './file-problem.js';

/** Reads the `contract.yaml` of each register, where there is one. Returns everything that is wrong. */
export async function contractProblems(registers: string, reader?: ContractReader): Promise<readonly FileProblem[]> {
  try {
    await loadQuality(registers, systemClock({ timeZone: 'UTC' }), reader);
    return [];
  } catch (error) {
    const problems = error instanceof SeveralProblems ? error.problems : [error];
    return problems.flatMap((problem) => {
      if (!(problem instanceof ContractInvalid)) throw error;
      return problem.faults.map((fault) => ({ rule: 'contract' as const, file: problem.file, ...fault }));
    });
  }
}
