import { createProgram } from '../../../gateway/cli/program.js';
import { runCommandLine } from '../../../gateway/cli/run-command-line.js';
import { TestTerminal } from './test-terminal.js';

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
  const terminal = new TestTerminal({ environment, typed });
  const code = await runCommandLine(words, terminal);
  return { out: terminal.printed, error: terminal.warned, code: code === 0 && terminal.failed ? 1 : code };
}

/** Runs a command and returns what it printed. Rejects with the error of the command. */
export async function printedBy(...words: readonly string[]): Promise<string> {
  const terminal = new TestTerminal();
  await createProgram(terminal).parseAsync(['node', 'tereze', ...words]);
  return terminal.printed;
}
