import type { Command } from 'commander';
import { createFileKeys, KeyFailure } from '../../../monitoring/audit/checkpoints/keys.js';
import { publicLogName, storedLogName } from '../../../monitoring/audit/log-name.js';
import { systemClock } from '../../compose/clock.js';
import { readConfig } from '../../config/read-config.js';
import { CommandFailure } from '../command-failure.js';
import { configFile, type StateChoice } from '../installed-state.js';
import { addRotate } from './rotate-key.js';
import type { Terminal } from '../terminal.js';

interface KeyOptions extends StateChoice {
  readonly log?: string;
  readonly json?: boolean;
}

/** `tereze audit key`: the verifier keys with which outsiders check the checkpoints of a log. */
export function addKey(audit: Command, terminal: Terminal): void {
  const command = audit
    .command('key')
    .description('The verifier keys (name+id+base64) of the checkpoints of a log, the current one first.')
    .option('--log <name>', 'the log: log.example.kz/tereze/0, or tereze/0. Required')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze audit key --log log.example.kz/tereze/0\n')
    .action((options: KeyOptions) => printKeys(options, terminal));
  addRotate(command, terminal);
}

async function printKeys(options: KeyOptions, terminal: Terminal): Promise<void> {
  const { audit } = await readConfig(configFile(options), terminal.environment);
  const { origin, key_file: keyFile } = audit;
  if (origin === undefined || keyFile === undefined)
    throw new CommandFailure('failed', 'no checkpoints are signed here: the configuration has no audit.key_file');
  if (options.log === undefined) throw new CommandFailure('usage', 'name the log: --log log.example.kz/tereze/0');
  const name = nameOfLog(options.log, origin);
  const keys = await readVerifierKeys(keyFile, name);
  terminal.print(options.json === true ? `${JSON.stringify({ log: name, keys })}\n` : `${keys.join('\n')}\n`);
}

/** Resolves with the verifier keys of a file, for the log of this public name: the current one first. Rejects with `CommandFailure`. */
export async function readVerifierKeys(keyFile: string, name: string): Promise<readonly string[]> {
  return createFileKeys(keyFile, systemClock({ timeZone: 'UTC', factDate: undefined }).now)
    .verifierKeys(name)
    .catch(asCommandFailure);
}

/** A key file that cannot be used fails a command. */
function asCommandFailure(error: unknown): never {
  throw error instanceof KeyFailure ? new CommandFailure('failed', error.message) : error;
}

function nameOfLog(given: string, origin: string): string {
  const log = storedLogName(given, origin);
  if (log === undefined)
    throw new CommandFailure('usage', `there is no log ${given}: the logs here are ${origin}/0, ${origin}/1, ...`);
  return publicLogName(log, origin);
}
