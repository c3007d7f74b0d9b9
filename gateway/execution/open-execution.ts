import { buildASTSchema, parse } from 'graphql';
import type { Catalogue } from '../../schemas/catalogue/governance.js';
import { createExecutor, type ExecutorDependencies } from './executor.js';
import type { Executor } from './port.js';

export type ExecutionParts = Omit<ExecutorDependencies, 'supergraphSchema' | 'governance'> & {
  readonly catalogue: Pick<Catalogue, 'supergraphSdl' | 'governance'>;
};

/** Opens execution over a catalogue. The caller closes what it hands over. */
export function openExecution({ catalogue, ...parts }: ExecutionParts): Executor {
  return createExecutor({
    ...parts,
    governance: catalogue.governance,
    supergraphSchema: buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true }),
  });
}
