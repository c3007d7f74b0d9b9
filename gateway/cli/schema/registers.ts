import { join } from 'node:path';
import { CompositionFailure, composeCatalogue } from '../../../schemas/catalogue/compose.js';
import type { Catalogue } from '../../../schemas/catalogue/governance.js';
import { loadRegisters, SchemaUnreadable, type RegisterSchema } from '../../../schemas/catalogue/register-schema.js';
import { SeveralProblems } from '../../../schemas/problems.js';
import { packageRoot } from '../../state/package-root.js';
import { CommandFailure } from '../command-failure.js';
import { isMissing } from './missing.js';

/** The registers that come with this package. */
export const OWN_REGISTERS = join(packageRoot(), 'schemas', 'registers');

/** Reads a folder of registers. Wrong use if there is none. Fails if some are not GraphQL, with file, line and column of each. */
export function readRegisters(folder: string): readonly RegisterSchema[] {
  let registers: readonly RegisterSchema[];
  try {
    registers = loadRegisters(folder);
  } catch (error) {
    const problems = error instanceof SeveralProblems ? error.problems : [error];
    const missing = problems.find(isMissing);
    if (missing !== undefined)
      throw new CommandFailure(
        'usage',
        `${missing.path ?? folder} is not there`,
        'Name a folder with one folder a register, each with its schema.graphql.',
      );
    const unreadable = problems.filter((problem) => problem instanceof SchemaUnreadable);
    if (unreadable.length === problems.length)
      throw new CommandFailure('failed', unreadable.map(({ message }) => message).join('\n'));
    throw error;
  }
  if (registers.length === 0)
    throw new CommandFailure(
      'usage',
      `there is no register in ${folder}`,
      'Name a folder with one folder a register, each with its schema.graphql.',
    );
  return registers;
}

/** Composes a folder of registers. Problems are passed to `onProblems`, and the failure names them. */
export function composeFolder(
  folder: string,
  onProblems: (problems: CompositionFailure['problems']) => void = () => undefined,
): Catalogue {
  try {
    return composeCatalogue(readRegisters(folder));
  } catch (error) {
    if (!(error instanceof CompositionFailure)) throw error;
    onProblems(error.problems);
    throw new CommandFailure('failed', `the registers’ schemas do not compose\n${error.message}`);
  }
}
