import type { Command } from 'commander';
import { readConfig } from '../config/read-config.js';
import { migrateState } from '../state/migrate-state.js';
import { asCommandFailure, configFile, stateOptions } from './installed-state.js';
import type { Terminal } from './terminal.js';

interface MigrateOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** `tereze db`: the schema of the state database. */
export function addDb(program: Command, terminal: Terminal): void {
  const db = program.command('db');
  db.command('migrate')
    .description('Bring the schema up to date, as the owner (DATABASE_ADMIN_URL); the gateway itself never can.')
    .option('--config <file>', 'the configuration')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  DATABASE_URL=postgresql://... DATABASE_ADMIN_URL=postgresql://... npx tereze db migrate --config tereze.yaml\n',
    )
    .action(async (options: MigrateOptions) => {
      const config = await readConfig(configFile(options), terminal.environment);
      const ran = await migrateState(stateOptions(config)).catch(asCommandFailure);
      terminal.print(
        options.json
          ? `${JSON.stringify({ ran })}\n`
          : ran.length === 0
            ? 'The schema is up to date.\n'
            : `Ran ${ran.join(', ')}.\n`,
      );
    });
}
