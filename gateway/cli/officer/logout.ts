import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { removeSession, sessionFile } from './session.js';

/** `tereze logout`: removes the session of an officer from this machine. */
export function addLogout(program: Command, terminal: Terminal): void {
  program
    .command('logout')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze logout\n')
    .action(({ json }: { readonly json?: boolean }) => {
      const file = sessionFile(terminal.environment);
      const session = removeSession(file);
      const { endSession = null, at = null, subject = null } = session ?? {};
      if (json) terminal.print(`${JSON.stringify({ file, at, subject, endSession })}\n`);
      else if (session === undefined) terminal.print('No one was signed in here.\n');
      else terminal.print(signedOut(session.subject, endSession));
    });
}

function signedOut(subject: string, endSession: string | null): string {
  const browser =
    endSession === null
      ? 'The browser may still be signed in at the issuer.'
      : `The browser may still be signed in at the issuer: sign out there at ${endSession}`;
  return `Signed out: the session of ${subject} is removed from this machine.\n${browser}\n`;
}
