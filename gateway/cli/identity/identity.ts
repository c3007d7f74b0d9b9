import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { addKeyNew } from './key-new.js';

/** `tereze identity`: what leads from entries back to people, outside the gateway. */
export function addIdentity(program: Command, terminal: Terminal): void {
  const identity = program.command('identity');
  const key = identity.command('key').description('The private keys that open data keys.');
  addKeyNew(key, terminal);
}
