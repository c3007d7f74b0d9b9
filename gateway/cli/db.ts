import type { Command } from 'commander';
import { readConfig } from '../config/read-config.js';
import { migrateState, type MigratedState } from '../state/migrate-state.js';
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
      const migrated = await migrateState(stateOptions(config)).catch(asCommandFailure);
      terminal.print(options.json ? `${JSON.stringify(migrated)}\n` : describe(migrated));
    });
}

function describe({ ran, months }: MigratedState): string {
  const lines = [
    ...(ran.length === 0 ? [] : [`Ran ${ran.join(', ')}.`]),
    ...(months.length === 0 ? [] : [`Made partitions of the audit log for ${months[0]} to ${months.at(-1)}.`]),
  ];
  return `${lines.length === 0 ? 'The schema is up to date.' : lines.join('\n')}\n`;
}
