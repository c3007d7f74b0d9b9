import { CommanderError } from 'commander';
import { StateFailure } from '../state/state-failure.js';
import { CommandFailure } from './command-failure.js';
import { exitCodeOf } from './exit-code.js';
import { createProgram } from './program.js';
import type { Terminal } from './terminal.js';

/**
 * Runs one command line: `words` follow the name of the program. Says on the terminal why it failed, unless commander
 * has. Resolves with the exit code of an error, 1 refused or failed, 2 wrong use; otherwise with 0, also for a command
 * that told the terminal to fail.
 */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) explain(error, terminal);
    return exitCodeOf(error);
  }
}

function explain(error: unknown, terminal: Terminal): void {
  const failure = error instanceof CommandFailure || error instanceof StateFailure ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  terminal.warn(`tereze: ${message}\n${failure?.hint ? `${failure.hint}\n` : ''}`);
}
