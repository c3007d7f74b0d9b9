import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { composeFolder, OWN_REGISTERS } from './registers.js';

interface ComposeOptions {
  readonly registers: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** `tereze schema compose`. */
export function addCompose(schema: Command, terminal: Terminal): void {
  schema
    .command('compose')
    .description('Compose the registers’ schemas into a supergraph.')
    .option('--registers <folder>', 'folder with one folder a register', OWN_REGISTERS)
    .option('--output <file>', 'write the supergraph here instead of printing it')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze schema compose --output supergraph.graphql\n')
    .action((options: ComposeOptions) => compose(options, terminal));
}

function compose({ registers, output, json }: ComposeOptions, terminal: Terminal): void {
  const { hash, supergraphSdl, governance } = composeFolder(registers, (problems) => {
    if (json) terminal.print(`${JSON.stringify({ valid: false, problems })}\n`);
  });
  const categories = [...governance.categories.keys()].sort();
  if (output !== undefined) writeFileSync(output, supergraphSdl);
  if (json)
    terminal.print(
      `${JSON.stringify({ hash, categories, ...(output === undefined ? { supergraph: supergraphSdl } : { output }) })}\n`,
    );
  else terminal.print(output === undefined ? supergraphSdl : `${output}: ${hash}, ${categories.length} categories\n`);
}
