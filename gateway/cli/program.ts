import { Command } from 'commander';
import { addAsk } from './ask.js';
import { addAudit } from './audit.js';
import { addCase } from './case.js';
import { addConfig } from './config.js';
import { addConsent } from './consent.js';
import { addDb } from './db.js';
import { addDemo } from './demo.js';
import { addHandle } from './handle.js';
import { addOperation } from './operation.js';
import { addRegister } from './register.js';
import { addSchema } from './schema/schema.js';
import { addServe } from './serve.js';
import { addState } from './state.js';
import type { Terminal } from './terminal.js';
import { addXroad } from './xroad.js';

/** The command line: one file a command. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('tereze')
    .description('One window to the state registers: lawful, checked for quality, never without a trace.')
    .exitOverride()
    .showHelpAfterError('(add --help for an example)')
    .configureHelp({ sortSubcommands: true });
  for (const add of [
    addServe,
    addDemo,
    addAsk,
    addHandle,
    addConsent,
    addAudit,
    addConfig,
    addSchema,
    addOperation,
    addRegister,
    addXroad,
    addCase,
    addDb,
    addState,
  ])
    add(program, terminal);
  return program;
}
