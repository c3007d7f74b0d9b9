import type { Command } from 'commander';
import { validateFiles } from '../compose/validate.js';
import { agenciesWithoutSecond } from '../config/missing-seconds.js';
import { maskedConfig, printConfig } from '../config/print-config.js';
import { readConfig } from '../config/read-config.js';
import { configFile } from './installed-state.js';
import type { Terminal } from './terminal.js';

interface ConfigOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** `tereze config`: look at a configuration before it is used. */
export function addConfig(program: Command, terminal: Terminal): void {
  const config = program.command('config');
  config
    .command('validate')
    .description('Say whether a configuration can be used; every problem with file, line and key.')
    .option('--config <file>', 'the configuration')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze config validate --config tereze.yaml\n')
    .action(async (options: ConfigOptions) => {
      const file = configFile(options);
      const read = await readConfig(file, terminal.environment);
      await validateFiles(read, terminal.contracts);
      const { environment, officers } = read;
      const warnings = agenciesWithoutSecond(officers).map(
        (agency) =>
          `officers.people: agency ${agency} has no possible second officer, so that nothing that needs an approval can be done there`,
      );
      for (const warning of options.json ? [] : warnings) terminal.warn(`Warning: ${warning}.\n`);
      terminal.print(
        options.json
          ? `${JSON.stringify({ file, valid: true, environment, warnings })}\n`
          : `${file} is valid (environment ${environment}).\n`,
      );
    });
  config
    .command('print')
    .description('Print the complete configuration: defaults filled in, secrets masked.')
    .option('--config <file>', 'the configuration')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze config print --config tereze.yaml\n')
    .action(async (options: ConfigOptions) => {
      const read = await readConfig(configFile(options), terminal.environment);
      terminal.print(options.json ? `${JSON.stringify(maskedConfig(read))}\n` : printConfig(read));
    });
}
