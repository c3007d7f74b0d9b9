import type { Command } from 'commander';
import { accessForSystem } from './client/access.js';
import { profileDirectory, readProfile } from './client/profile.js';
import { accessRequest } from './options.js';
import { printReply } from './reply.js';
import type { Terminal } from './terminal.js';

interface HandleOptions {
  readonly as: string;
  readonly for: string;
  readonly purpose?: string;
  readonly case?: string;
  readonly json?: boolean;
}

/** `tereze handle`: a short-lived reference to one person, for another caller. */
export function addHandle(program: Command, terminal: Terminal): void {
  program
    .command('handle')
    .argument('<iin>', 'the number of the person; it travels in the body only')
    .requiredOption('--as <client>', 'the registered client that asks')
    .requiredOption('--for <client>', 'the caller that will use the handle')
    .option('--purpose <purpose>', 'the purpose; may be left out when the client has only one')
    .option('--case <number>', 'the case, as NUMBER or AGENCY/NUMBER')
    .option('--json', 'print the response as it came')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze handle NUMBER --as appeals --for appeals-ai --case AP-2026-000301\n',
    )
    .action((iin: string, options: HandleOptions) => issue(iin, options, terminal));
}

async function issue(iin: string, options: HandleOptions, terminal: Terminal): Promise<void> {
  const profile = await readProfile(options.as, profileDirectory(terminal.environment));
  const access = await accessForSystem(profile, accessRequest(profile, options));
  const reply = await access.send('POST', '/handles', { iin, for: options.for });
  printReply<{ handle: string; expiresAt: string }>(
    reply,
    options.json,
    terminal,
    ({ handle, expiresAt }) => `${handle}\nfor ${options.for} until ${expiresAt}\n`,
  );
}
