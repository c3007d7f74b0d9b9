import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Catalogue } from '../../../schemas/catalogue/governance.js';
import { publicChanges } from '../../../schemas/catalogue/changes/public-changes.js';
import type { SchemaChange } from '../../../schemas/catalogue/changes/change.js';
import { packageRoot } from '../../state/package-root.js';
import { CommandFailure } from '../command-failure.js';
import type { Terminal } from '../terminal.js';
import { composeFolder, OWN_REGISTERS } from './registers.js';
import { readSide } from './side.js';

/** The composed supergraph that is kept beside the registers, to be read and compared. */
const COMMITTED_SUPERGRAPH = join('schemas', 'catalogue', 'supergraph.graphql');

interface CheckOptions {
  readonly registers: string;
  readonly against?: string;
  readonly json?: boolean;
}

/** `tereze schema check`. */
export function addCheck(schema: Command, terminal: Terminal): void {
  schema
    .command('check')
    .description('Check categories, subjects and composition, and that the kept supergraph is in step.')
    .option('--registers <folder>', 'folder with one folder a register', OWN_REGISTERS)
    .option('--against <file>', 'name what would break for those who ask on this kept supergraph (or folder of registers)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze schema check --against published.graphql\n')
    .action((options: CheckOptions) => check(options, terminal));
}

async function check({ registers, against, json }: CheckOptions, terminal: Terminal): Promise<void> {
  const catalogue = composeFolder(registers, (problems) => {
    if (json) terminal.print(`${JSON.stringify({ valid: false, problems })}\n`);
  });
  if (registers === OWN_REGISTERS) assertInStep(catalogue);
  const breaking = against === undefined ? [] : await breakingChanges(against, catalogue);
  if (breaking.length > 0) {
    if (json) terminal.print(`${JSON.stringify({ valid: false, hash: catalogue.hash, breaking })}\n`);
    throw new CommandFailure('failed', `the registers’ schemas break what was asked on ${against ?? ''}\n${breaking.map(({ message }) => `  ${message}`).join('\n')}`, 'Keep what is asked, mark it @deprecated, or agree the change with those who ask.');
  }
  const categories = [...catalogue.governance.categories.keys()].sort();
  terminal.print(json ? `${JSON.stringify({ valid: true, hash: catalogue.hash, categories })}\n` : `The registers’ schemas are in order: ${catalogue.hash}\n${categories.map((name) => `  ${name}\n`).join('')}`);
}

function assertInStep({ supergraphSdl }: Catalogue): void {
  if (readFileSync(join(packageRoot(), COMMITTED_SUPERGRAPH), 'utf8') === supergraphSdl) return;
  throw new CommandFailure('failed', `${COMMITTED_SUPERGRAPH} is not in step with the registers`, `Run \`npx tereze schema compose --output ${COMMITTED_SUPERGRAPH}\`.`);
}

async function breakingChanges(against: string, { publicSdl }: Catalogue): Promise<readonly SchemaChange[]> {
  const changes = await publicChanges(readSide(against).publicSdl, publicSdl);
  return changes.filter(({ criticality }) => criticality === 'breaking');
}
