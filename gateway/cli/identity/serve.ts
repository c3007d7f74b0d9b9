import type { Command } from 'commander';
import { KeyFailure } from '../../../monitoring/audit/checkpoints/keys.js';
import { createLog } from '../../../monitoring/log.js';
import { createMetrics } from '../../../monitoring/metrics.js';
import { createObserver } from '../../../monitoring/observer.js';
import { systemClock } from '../../compose/clock.js';
import { createHttpClient } from '../../compose/http-client.js';
import { startIdentityProcess, type ServedIdentity } from '../../compose/identity-process.js';
import { systemRandom } from '../../compose/random.js';
import { readConfig } from '../../config/read-config.js';
import type { Config } from '../../config/schema.js';
import { StoreDamaged, StoreExposed } from '../../identity/request-store.js';
import { Signals } from '../../signals.js';
import { attachState } from '../../state/open.js';
import { StateFailure } from '../../state/state-failure.js';
import { CommandFailure } from '../command-failure.js';
import { asCommandFailure, configFile, stateOptions, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';

interface ServeOptions extends StateChoice {
  readonly key: string;
  readonly directory: string;
  readonly json?: boolean;
}

/** `tereze identity serve`: the process that holds the private key, and identifies people for two officers. */
export function addIdentityServe(identity: Command, terminal: Terminal): void {
  identity
    .command('serve')
    .description('Identify people of entries for two officers. Only this process reads the private key.')
    .requiredOption('--key <file>', 'private keys of a recipient, mode 0600')
    .requiredOption('--directory <directory>', 'where it keeps its requests, mode 0700')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print the address as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze identity serve --key dpo-2026.jwks --directory /var/lib/tereze-identity\n',
    )
    .action((options: ServeOptions) => serve(options, terminal));
}

async function serve(options: ServeOptions, terminal: Terminal): Promise<void> {
  const signals = new Signals('identity');
  const config = await readConfig(configFile(options), terminal.environment);
  const identity = servedIdentity(config);
  const clock = systemClock({ timeZone: config.jurisdiction.time_zone });
  const observer = createObserver(createLog(config.telemetry.log_level), createMetrics());
  const state = await attachState(stateOptions(config)).catch(asCommandFailure);
  const issuerConnections = createHttpClient().open({});
  try {
    const served = await startIdentityProcess(
      config,
      identity,
      { keyFile: options.key, directory: options.directory },
      { sql: state.sql, clock, random: systemRandom, observer, issuerConnections },
    ).catch(explained);
    signals.serve();
    terminal.print(
      options.json === true ? `${JSON.stringify({ url: served.url })}\n` : `It answers at ${served.url}\n`,
    );
    await signals.toldToEnd;
    await served.stop();
  } finally {
    issuerConnections.close();
    await state.close();
  }
}

function servedIdentity({ audit: { identity }, officers }: Config): ServedIdentity {
  if (identity === undefined || identity === 'none' || identity.server === undefined)
    throw new CommandFailure('failed', 'the configuration has no audit.identity.server, which says where to listen');
  if (officers.people.length === 0)
    throw new CommandFailure('failed', 'the configuration names no officers.people, so no one could ask or approve');
  return { ...identity, server: identity.server };
}

function explained(error: unknown): never {
  if (error instanceof KeyFailure || error instanceof StoreDamaged || error instanceof StoreExposed)
    throw new CommandFailure('failed', error.message);
  if (error instanceof StateFailure) throw new CommandFailure('failed', error.message, error.hint);
  throw error;
}
