import { readFileSync } from 'node:fs';
import type { Catalogue } from '../../../schemas/catalogue/governance.js';
import { plainCatalogue, SupergraphInvalid } from '../../../schemas/catalogue/plain-supergraph.js';
import { SeveralProblems } from '../../../schemas/problems.js';
import { CommandFailure } from '../command-failure.js';
import { isMissing } from './missing.js';

/** A supergraph file alone. Wrong use when it is not there, failed when it is none or asks for what Tereze does not enforce. */
export function readSupergraph(file: string): Catalogue {
  try {
    return plainCatalogue(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (isMissing(error)) throw new CommandFailure('usage', `there is no file "${file}"`);
    const problems = error instanceof SeveralProblems ? error.problems : [error];
    throw problems.every((problem) => problem instanceof SupergraphInvalid)
      ? new CommandFailure('failed', problems.map(({ message }) => message).join('\n'))
      : error;
  }
}
