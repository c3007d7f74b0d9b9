import { readFile } from 'node:fs/promises';
import { createPseudonyms } from '../../policies/disclosure/pseudonyms.js';
import { readIndexSecrets, readSecret } from '../../policies/secret.js';
import { isIin } from '../../schemas/identifiers/iin.js';
import { readConfig } from '../config/read-config.js';
import { CommandFailure } from './command-failure.js';
import { configFile, type StateChoice } from './installed-state.js';
import type { Terminal } from './terminal.js';

/**
 * Resolves with the index tokens by which the log finds a person, one for each live key. The number is read from a file or
 * from standard input (`-`), so that it stands neither in the list of processes nor in the shell's history.
 */
export async function subjectTokens(
  source: string,
  choice: StateChoice,
  terminal: Terminal,
): Promise<readonly string[]> {
  if (isIin(source))
    throw new CommandFailure('usage', 'a number in the command line is seen by others: --person takes a file, or -');
  const number = (source === '-' ? await terminal.readInput() : await readNumber(source)).trim();
  if (!isIin(number)) throw new CommandFailure('usage', '--person: this is not the number of a person (IIN)');
  const { policies } = await readConfig(configFile(choice), terminal.environment);
  return createPseudonyms(readSecret(policies.secret_file), readIndexSecrets(policies)).indexTokens(number);
}

async function readNumber(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandFailure('usage', '--person names a file that cannot be read');
  }
}
