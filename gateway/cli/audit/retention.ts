import type { Command } from 'commander';
import { readRetentionPolicy, type RetentionPolicy } from '../../../monitoring/audit/retention/policy.js';
import { readConfig } from '../../config/read-config.js';
import { configFile, withState, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';

interface RetentionOptions extends StateChoice {
  readonly json?: boolean;
}

/** `tereze audit retention`: what of the log may be in an archive only. It reads no data of people. */
export function addRetention(audit: Command, terminal: Terminal): void {
  audit
    .command('retention')
    .description('How long entries stay, and from which index on each log has all of them. Not about people.')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze audit retention --json\n')
    .action(async (options: RetentionOptions) => {
      const { audit: settings } = await readConfig(configFile(options), terminal.environment);
      const { retention_months: retentionMonths, origin } = settings;
      await withState(options, terminal, async ({ sql }) => {
        const policy = await readRetentionPolicy(sql, { retentionMonths, origin });
        terminal.print(options.json === true ? `${JSON.stringify(policy)}\n` : describe(policy));
      });
    });
}

function describe({ retentionMonths, logs }: RetentionPolicy): string {
  const archived = logs.map(
    ({ log, minimumIndex }) => `${log}: entries before ${minimumIndex} may be in the archive only.\n`,
  );
  return [`Entries stay for ${retentionMonths} months at least.\n`, ...archived].join('');
}
