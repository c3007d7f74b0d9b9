import type { Command } from 'commander';
import { KeyFailure } from '../../../monitoring/audit/checkpoints/keys.js';
import { readRecipientKeys } from '../../../monitoring/identity/recipient-keys.js';
import { rotateDataKeys, type Rotated } from '../../../monitoring/identity/rotate-data-keys.js';
import { readConfig } from '../../config/read-config.js';
import { attachState } from '../../state/open.js';
import { CommandFailure } from '../command-failure.js';
import { asCommandFailure, configFile, stateOptions, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';

interface KeyRotateOptions extends StateChoice {
  readonly key: string;
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
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print how many keys ended how as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze identity key rotate --key dpo-2026.jwks\n')
    .action((options: KeyRotateOptions) => rotate(options, terminal));
}

async function rotate(options: KeyRotateOptions, terminal: Terminal): Promise<void> {
  const config = await readConfig(configFile(options), terminal.environment);
  const { identity } = config.audit;
  if (identity === undefined || identity === 'none')
    throw new CommandFailure('failed', 'nothing is sealed here: the configuration names no audit.identity.recipients');
  const keys = await readRecipientKeys(options.key).catch((error: unknown) => {
    throw error instanceof KeyFailure ? new CommandFailure('failed', error.message) : error;
  });
  const state = await attachState(stateOptions(config)).catch(asCommandFailure);
  try {
    const rotated = await rotateDataKeys(state.sql, keys, identity.recipients);
    terminal.print(options.json === true ? `${JSON.stringify(rotated)}\n` : textOf(rotated));
    if (rotated.notOpened > 0) terminal.fail();
  } finally {
    await state.close();
  }
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
