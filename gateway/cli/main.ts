import { CommanderError } from 'commander';
import { CommandFailure } from './command-failure.js';
import { outliveOutput } from '../signals.js';
import { StateFailure } from '../state/state-failure.js';
import { exitCodeOf } from './exit-code.js';
import { createProgram } from './program.js';
import { standardTerminal } from './terminal.js';

/** Runs one command line; the exit code is 0 done, 1 refused or failed, 2 wrong use. */
async function main(): Promise<void> {
  outliveOutput();
  const terminal = standardTerminal();
  try {
    await createProgram(terminal).parseAsync(process.argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Prints why the command line ended, unless commander has, and returns the exit code. */
function report(error: unknown): number {
  if (!(error instanceof CommanderError)) {
    const failure = error instanceof CommandFailure || error instanceof StateFailure ? error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`tereze: ${message}\n${failure?.hint ? `${failure.hint}\n` : ''}`);
  }
  return exitCodeOf(error);
}

await main();
