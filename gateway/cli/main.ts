import { outliveOutput } from '../signals.js';
import { runCommandLine } from './run-command-line.js';
import { standardTerminal } from './terminal.js';

/** Runs one command line; the exit code is 0 done, 1 refused or failed, 2 wrong use. */
async function main(): Promise<void> {
  outliveOutput();
  const code = await runCommandLine(process.argv.slice(2), standardTerminal());
  if (code !== 0) process.exitCode = code;
}

await main();
