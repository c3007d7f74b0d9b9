import type { Command } from 'commander';
import { KeyFailure } from '../../../monitoring/audit/checkpoints/keys.js';
import { stateEntry } from '../../../monitoring/audit/entries.js';
import { readRecipientKeys } from '../../../monitoring/identity/recipient-keys.js';
import { rotateDataKeys, type Rotated } from '../../../monitoring/identity/rotate-data-keys.js';
import { readConfig } from '../../config/read-config.js';
import { readDatabaseHead } from '../../state/anchor/database-head.js';
import { CommandFailure } from '../command-failure.js';
import { checkReason } from '../audit/search-options.js';
import { withLog } from '../audit/with-log.js';
import { configFile, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';

interface KeyRotateOptions extends StateChoice {
  readonly key: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** `tereze identity key rotate`: seals every data key again to the recipients of the configuration. */
export function addKeyRotate(key: Command, terminal: Terminal): void {
  key
    .command('rotate')
    .description(
      'Seal every data key again to the recipients of audit.identity, with the private key of a present one.',
    )
    .requiredOption('--key <file>', 'private keys of a present recipient, mode 0600')
    .requiredOption('--reason <text>', 'why, 10 to 500 characters; the log keeps it')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print how many keys ended how as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze identity key rotate --key dpo-2026.jwks --reason "a second recipient"\n',
    )
    .action((options: KeyRotateOptions) => rotate(options, terminal));
}

async function rotate(options: KeyRotateOptions, terminal: Terminal): Promise<void> {
  checkReason(options.reason);
  const reason = options.reason.trim();
  const config = await readConfig(configFile(options), terminal.environment);
  const { identity } = config.audit;
  if (identity === undefined || identity === 'none')
    throw new CommandFailure('failed', 'nothing is sealed here: the configuration names no audit.identity.recipients');
  const keys = await readRecipientKeys(options.key).catch((error: unknown) => {
    throw error instanceof KeyFailure ? new CommandFailure('failed', error.message) : error;
  });
  await withLog(config, async ({ sql, log, clock, random }) => {
    const { epoch } = await readDatabaseHead(sql);
    const facts = { requestId: random.uuid(), at: clock.now(), reason, epoch, closedLogs: [] };
    // The entry first: a recipient never gets to open data keys without one.
    await log.append({ body: stateEntry({ act: 'data_keys_resealed', ...facts }), beside: {} });
    const rotated = await rotateDataKeys(sql, keys, identity.recipients);
    terminal.print(options.json === true ? `${JSON.stringify(rotated)}\n` : textOf(rotated));
    if (rotated.notOpened > 0) terminal.fail();
  });
}

function textOf({ sealed, current, notOpened }: Rotated): string {
  return [
    `${sealed} data keys were sealed again, ${current} were sealed to these recipients already.`,
    ...(notOpened === 0
      ? []
      : [
          `${notOpened} could NOT be opened: they are sealed to other recipients, or were changed. Try their private keys.`,
        ]),
    '',
  ].join('\n');
}
