import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Catalogue } from '../../../schemas/catalogue/governance.js';
import { publicChanges } from '../../../schemas/catalogue/changes/public-changes.js';
import type { SchemaChange } from '../../../schemas/catalogue/changes/change.js';
import { fieldUsage, type FieldUsage } from '../../../monitoring/audit/field-usage.js';
import { systemClock } from '../../compose/clock.js';
import { packageRoot } from '../../state/package-root.js';
import { CommandFailure } from '../command-failure.js';
import { withState, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { contractProblems } from './contracts.js';
import { fileProblemText } from './file-problem.js';
import { mappingProblems } from './mappings.js';
import { composeFolder, OWN_REGISTERS, readRegisters } from './registers.js';
import { readSide } from './side.js';

/** The composed supergraph that is kept beside the registers, to be read and compared. */
const COMMITTED_SUPERGRAPH = join('schemas', 'catalogue', 'supergraph.graphql');

interface CheckOptions extends StateChoice {
  readonly registers: string;
  readonly against?: string;
  readonly usage?: boolean;
  readonly json?: boolean;
}

/** How far back `--usage` looks. */
const USAGE_DAYS = 90;
const DAY_MS = 86_400_000;

/** `tereze schema check`. */
export function addCheck(schema: Command, terminal: Terminal): void {
  schema
    .command('check')
    .description(
      'Check categories, subjects, composition, mappings and contracts, and that the kept supergraph is in step.',
    )
    .option('--registers <folder>', 'folder with one folder a register', OWN_REGISTERS)
    .option(
      '--against <file>',
      'name what would break for those who ask on this kept supergraph (or folder of registers)',
    )
    .option('--usage', `name the agencies that used each field in the last ${USAGE_DAYS} days, from the audit log`)
    .option('--config <file>', 'the configuration of the gateway whose log is read, with --usage')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze schema check --against published.graphql --usage\n')
    .action((options: CheckOptions) => check(options, terminal));
}

async function check(options: CheckOptions, terminal: Terminal): Promise<void> {
  const { registers, against, json } = options;
  const catalogue = await checkedCatalogue(options, terminal);
  if (registers === OWN_REGISTERS) assertInStep(catalogue);
  const breaking = against === undefined ? [] : await breakingChanges(against, catalogue);
  const usage = options.usage ? await usageOf(options, terminal) : undefined;
  if (breaking.length > 0) {
    if (json) terminal.print(`${JSON.stringify({ valid: false, hash: catalogue.hash, breaking, usage })}\n`);
    throw new CommandFailure(
      'failed',
      `the registers’ schemas break what was asked on ${against ?? ''}\n${breaking.map((change) => `  ${change.message}${usersOf(change, usage)}`).join('\n')}`,
      'Keep what is asked, mark it @deprecated, or agree the change with those who ask.',
    );
  }
  const warnings = catalogue.ignoredFeatures.length > 0 ? catalogue.ignoredFeatures : undefined;
  const categories = [...catalogue.governance.categories.keys()].sort();
  terminal.print(
    json
      ? `${JSON.stringify({ valid: true, hash: catalogue.hash, categories, warnings, usage })}\n`
      : `${(warnings ?? []).map(({ file, line, message }) => `Warning: ${file}:${line}: ${message}\n`).join('')}The registers’ schemas are in order: ${catalogue.hash}\n${categories.map((name) => `  ${name}\n`).join('')}${describeUsage(usage)}`,
  );
}

/** Composes the schemas and checks the mappings and contracts beside them. Fails with what is wrong with all of them. */
async function checkedCatalogue({ registers, json }: CheckOptions, terminal: Terminal): Promise<Catalogue> {
  const mappings = mappingProblems(readRegisters(registers));
  const contracts = await contractProblems(registers, terminal.contracts);
  const unfitting = [...mappings, ...contracts];
  const tell = (problems: readonly object[]): void => {
    if (json) terminal.print(`${JSON.stringify({ valid: false, problems })}\n`);
  };
  const unfittingText = unfitting.map(fileProblemText).join('\n');
  let catalogue: Catalogue;
  try {
    catalogue = composeFolder(registers, (problems) => tell([...problems, ...unfitting]));
  } catch (error) {
    if (!(error instanceof CommandFailure) || unfitting.length === 0) throw error;
    throw new CommandFailure(error.kind, `${error.message}\n${unfittingText}`, error.hint);
  }
  if (unfitting.length === 0) return catalogue;
  tell(unfitting);
  const wrong = mappings.length > 0 ? 'the mappings do not fit the registers’ schemas' : 'the contracts are wrong';
  throw new CommandFailure('failed', `${wrong}\n${unfittingText}`);
}

function usageOf(options: CheckOptions, terminal: Terminal): Promise<readonly FieldUsage[]> {
  const since = new Date(systemClock({ timeZone: 'UTC' }).now().getTime() - USAGE_DAYS * DAY_MS);
  return withState(options, terminal, ({ sql }) => fieldUsage(sql, since));
}

/** Who would be hit by a change of a field. */
function usersOf({ path }: SchemaChange, usage: readonly FieldUsage[] | undefined): string {
  if (usage === undefined) return '';
  const agencies = usage.find(({ field }) => path === field || path.startsWith(`${field}.`))?.agencies ?? [];
  return agencies.length === 0
    ? ` (used by no one in ${USAGE_DAYS} days)`
    : ` (used in ${USAGE_DAYS} days by ${agencies.join(', ')})`;
}

function describeUsage(usage: readonly FieldUsage[] | undefined): string {
  if (usage === undefined) return '';
  const lines = usage.map(
    ({ field, agencies, lastAt }) => `  ${field}: ${agencies.join(', ')}, last on ${lastAt.slice(0, 10)}\n`,
  );
  return `${lines.length === 0 ? 'Nothing was asked' : 'Asked'} in the last ${USAGE_DAYS} days${lines.length === 0 ? '.' : ':'}\n${lines.join('')}`;
}

function assertInStep({ supergraphSdl }: Catalogue): void {
  if (readFileSync(join(packageRoot(), COMMITTED_SUPERGRAPH), 'utf8') === supergraphSdl) return;
  throw new CommandFailure(
    'failed',
    `${COMMITTED_SUPERGRAPH} is not in step with the registers`,
    `Run \`npx tereze schema compose --output ${COMMITTED_SUPERGRAPH}\`.`,
  );
}

async function breakingChanges(against: string, { publicSdl }: Catalogue): Promise<readonly SchemaChange[]> {
  const changes = await publicChanges(readSide(against).publicSdl, publicSdl);
  return changes.filter(({ criticality }) => criticality === 'breaking');
}
