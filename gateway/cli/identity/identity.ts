import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { addIdentityServe } from './serve.js';
import { addKeyNew } from './key-new.js';
import { addKeyRotate } from './key-rotate.js';

/** `tereze identity`: what leads from entries back to people, outside the gateway. */
export function addIdentity(program: Command, terminal: Terminal): void {
  const identity = program.command('identity');
  addIdentityServe(identity, terminal);
  const key = identity.command('key').description('The private keys that open data keys.');
  addKeyNew(key, terminal);
  addKeyRotate(key, terminal);
}
