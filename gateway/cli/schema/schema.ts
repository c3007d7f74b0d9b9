import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { addCheck } from './check.js';
import { addCompose } from './compose.js';
import { addDiff } from './diff.js';
import { addPlan } from './plan.js';
import { addPublish } from './publish.js';

/** `tereze schema`: what the registers offer together, and how it is asked. */
export function addSchema(program: Command, terminal: Terminal): void {
  const schema = program.command('schema');
  for (const add of [addCompose, addCheck, addPlan, addDiff, addPublish]) add(schema, terminal);
}
