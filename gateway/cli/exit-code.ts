import { CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { CommandFailure, EXIT } from './command-failure.js';

/** Returns the exit code of a command line that ended with this error: help is an error of commander, with code 0. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const isWrongUse = error instanceof ConfigError || (error instanceof CommandFailure && error.kind === 'usage');
  return isWrongUse ? EXIT.usage : EXIT.failed;
}
