import { generateKeyPairSync } from 'node:crypto';
import type { Command } from 'commander';
import { codeOf } from '../../../schemas/error-code.js';
import { createDurably } from '../../state/durable-file.js';
import { CommandFailure } from '../command-failure.js';
import type { Terminal } from '../terminal.js';

interface KeyNewOptions {
  readonly name: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `tereze identity key new`: makes the private key of a recipient, away from the gateway. */
export function addKeyNew(key: Command, terminal: Terminal): void {
  key
    .command('new')
    .description('Make a private key in a new file, and print the recipient for audit.identity. It needs no gateway.')
    .requiredOption('--name <name>', 'name of the recipient, such as dpo-2026')
    .requiredOption('--out <file>', 'the file that is made, readable for its owner only')
    .option('--json', 'print the recipient as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze identity key new --name dpo-2026 --out dpo-2026.jwks\n')
    .action(({ name, out, json }: KeyNewOptions) => {
      if (!NAME.test(name))
        throw new CommandFailure('usage', '--name must be lower-case letters, digits and hyphens, 63 at most');
      const jwk = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
      create(out, `${JSON.stringify({ keys: [{ ...jwk, kid: name }] }, undefined, 2)}\n`);
      const recipient = { name, key: jwk.x };
      terminal.print(json === true ? `${JSON.stringify(recipient)}\n` : aboutNewKey(out, recipient));
    });
}

/** Names of recipients, as the configuration takes them. */
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

function create(file: string, content: string): void {
  try {
    createDurably(file, content);
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new CommandFailure(
        'failed',
        `${file} is there already, and may hold a key that is needed: name another file`,
      );
    throw new CommandFailure('failed', `${file} cannot be written (${codeOf(error) ?? 'unknown'})`);
  }
}

function aboutNewKey(out: string, { name, key }: { readonly name: string; readonly key: string | undefined }): string {
  return [
    `The private key is in ${out}. It and the database together identify people: keep it away from the gateway.`,
    'Add the recipient to the configuration of every gateway:',
    '',
    'audit:',
    '  identity:',
    '    recipients:',
    `      - { name: ${name}, key: ${key ?? ''} }`,
    '',
  ].join('\n');
}
