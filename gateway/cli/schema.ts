import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CompositionFailure, composeCatalogue } from '../../schemas/catalogue/compose.js';
import type { Catalogue } from '../../schemas/catalogue/governance.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import { packageRoot } from '../state/package-root.js';
import { CommandFailure } from './command-failure.js';
import type { Terminal } from './terminal.js';

interface SchemaOptions {
  readonly registers: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** The composed supergraph that is kept beside the registers, to be read and compared. */
export const COMMITTED_SUPERGRAPH = join('schemas', 'catalogue', 'supergraph.graphql');

/** `tereze schema`: what the registers offer together. */
export function addSchema(program: Command, terminal: Terminal): void {
  const registers = join(packageRoot(), 'schemas', 'registers');
  const schema = program.command('schema').description('Compose the registers’ schemas, and check them.');
  schema
    .command('compose')
    .description('Compose the registers’ schemas into a supergraph.')
    .option('--registers <folder>', 'folder with one folder a register', registers)
    .option('--output <file>', 'write the supergraph here instead of printing it')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze schema compose --output supergraph.graphql\n')
    .action((options: SchemaOptions) => compose(options, terminal));
  schema
    .command('check')
    .description('Check categories, subjects and composition, and that the kept supergraph is in step.')
    .option('--registers <folder>', 'folder with one folder a register', registers)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze schema check\n')
    .action((options: SchemaOptions) => check(options, registers, terminal));
}

function compose(options: SchemaOptions, terminal: Terminal): void {
  const { hash, supergraphSdl, governance } = composed(options, terminal);
  const categories = [...governance.categories.keys()].sort();
  if (options.output !== undefined) writeFileSync(options.output, supergraphSdl);
  if (options.json) terminal.print(`${JSON.stringify({ hash, categories, ...(options.output === undefined ? { supergraph: supergraphSdl } : { output: options.output }) })}\n`);
  else terminal.print(options.output === undefined ? supergraphSdl : `${options.output}: ${hash}, ${categories.length} categories\n`);
}

function check(options: SchemaOptions, ownRegisters: string, terminal: Terminal): void {
  const { hash, supergraphSdl, governance } = composed(options, terminal);
  if (options.registers === ownRegisters && readFileSync(join(packageRoot(), COMMITTED_SUPERGRAPH), 'utf8') !== supergraphSdl) {
    throw new CommandFailure('failed', `${COMMITTED_SUPERGRAPH} is not in step with the registers`, `Run \`npx tereze schema compose --output ${COMMITTED_SUPERGRAPH}\`.`);
  }
  const categories = [...governance.categories.keys()].sort();
  terminal.print(options.json ? `${JSON.stringify({ valid: true, hash, categories })}\n` : `The registers’ schemas are in order: ${hash}\n${categories.map((name) => `  ${name}\n`).join('')}`);
}

function composed({ registers, json }: SchemaOptions, terminal: Terminal): Catalogue {
  try {
    return composeCatalogue(loadRegisters(registers));
  } catch (error) {
    if (!(error instanceof CompositionFailure)) throw error;
    if (json) terminal.print(`${JSON.stringify({ valid: false, problems: error.problems })}\n`);
    throw new CommandFailure('failed', `the registers’ schemas do not compose\n${error.message}`);
  }
}
