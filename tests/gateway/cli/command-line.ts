import { createProgram } from '../../../gateway/cli/program.js';
import { runCommandLine } from '../../../gateway/cli/run-command-line.js';
import { sharedContracts } from '../../shared-contracts.js';

/** What a command line printed, and its exit code. */
export interface Done {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/**
 * Runs a command line as `tereze` does, in this process, where everything that it loads is loaded already. A process of
 * its own, as `runTereze` starts it, takes seconds: that is for commands that serve, and for signals.
 */
export async function commandLine(
  words: readonly string[],
  { environment = {}, typed = '' }: { readonly environment?: NodeJS.ProcessEnv; readonly typed?: string } = {},
): Promise<Done> {
  const said = { out: '', error: '' };
  let failed = false;
  const code = await runCommandLine(words, {
    environment,
    contracts: sharedContracts,
    print: (text) => void (said.out += text),
    warn: (text) => void (said.error += text),
    readInput: async () => typed,
    readLine: async () => typed,
    fail: () => void (failed = true),
  });
  return { ...said, code: code === 0 && failed ? 1 : code };
}

/** Runs a command and returns what it printed. Rejects with the error of the command. */
export async function printedBy(...words: readonly string[]): Promise<string> {
  let printed = '';
  const program = createProgram({
    environment: {},
    contracts: sharedContracts,
    print: (text) => void (printed += text),
    warn: () => undefined,
    readInput: async () => '',
    readLine: async () => '',
    fail: () => undefined,
  });
  await program.parseAsync(['node', 'tereze', ...words]);
  return printed;
}
