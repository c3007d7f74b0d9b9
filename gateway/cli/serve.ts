import type { Command } from 'commander';
import { startGateway } from '../app.js';
import { readConfig } from '../config/read-config.js';
import { untilTold } from './signals.js';
import type { Terminal } from './terminal.js';

/** The configuration that is used when none is named. */
export const DEFAULT_CONFIG = 'tereze.yaml';

/** `tereze serve`: the gateway, until it is told to end. */
export function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('Run the gateway; SIGTERM or Ctrl-C drains it and ends it.')
    .option('--config <file>', 'the configuration', DEFAULT_CONFIG)
    .option('--json', 'print the addresses as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze serve --config .tereze/demo/tereze.yaml\n')
    .action(async (options: { config: string; json?: boolean }) => {
      const gateway = await startGateway(await readConfig(options.config, terminal.environment));
      const { url, operationsUrl } = gateway;
      terminal.print(options.json ? `${JSON.stringify({ url, operationsUrl })}\n` : `Tereze answers at ${url}/graphql; health and metrics at ${operationsUrl}\n`);
      await untilTold();
      await gateway.stop();
    });
}
