import { readFile } from 'node:fs/promises';
import type { SearchedPerson } from '../../../monitoring/audit/search/searched-person.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import { readIndexSecrets, readSecret } from '../../../policies/secret.js';
import { holdsIdentityNumber } from '../../../schemas/caller-texts/identity-numbers.js';
import { isIin } from '../../../schemas/identifiers/iin.js';
import type { Config } from '../../config/schema.js';
import { CommandFailure } from '../command-failure.js';
import type { Terminal } from '../terminal.js';

/**
 * Resolves with the person to search for. The number is read from a file, or with `-` from the terminal, which does not
 * show it, or from standard input; so it stands neither in the list of processes nor in the shell's history.
 */
export async function searchedPerson(
  source: string,
  { policies }: Pick<Config, 'policies'>,
  terminal: Terminal,
): Promise<SearchedPerson> {
  const identifier = await searchedNumber(source, terminal);
  const pseudonyms = createPseudonyms(readSecret(policies.secret_file), readIndexSecrets(policies));
  return { identifier, tokens: pseudonyms.indexTokens(identifier) };
}

/** Resolves with the number alone, as an officers' address takes it in a body. */
export async function searchedNumber(source: string, terminal: Terminal): Promise<string> {
  if (holdsIdentityNumber(source))
    throw new CommandFailure('usage', 'a number in the command line is seen by others: --person takes a file, or -');
  const identifier = (source === '-' ? await askNumber(terminal) : await readNumber(source)).trim();
  if (!isIin(identifier)) throw new CommandFailure('usage', '--person: this is not the number of a person (IIN)');
  return identifier;
}

function askNumber(terminal: Terminal): Promise<string> {
  if (terminal.readHidden === undefined) return terminal.readInput();
  terminal.warn('Number of the person (not shown): ');
  return terminal.readHidden();
}

async function readNumber(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandFailure('usage', '--person names a file that cannot be read');
  }
}
