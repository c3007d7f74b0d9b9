import type { Command } from 'commander';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../schemas/catalogue/public-schema.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import { loadDocuments } from '../../schemas/operations/load-documents.js';
import { reachesOf } from '../approvals/approved-documents.js';
import type { Approval } from '../approvals/port.js';
import { fingerprintOf, reachChanges, type DocumentReach } from '../approvals/reach.js';
import { configuredPreparer } from '../compose/preparer.js';
import { readConfig } from '../config/read-config.js';
import type { Config } from '../config/schema.js';
import { footprintDependencies } from '../planning/footprint/footprint.js';
import { approvalsOf, changeApproval } from './change-approval.js';
import { CommandFailure } from './command-failure.js';
import { configFile, withState, type StateChoice } from './installed-state.js';
import type { Terminal } from './terminal.js';
import { withPlanner } from './with-planner.js';

interface ListOptions extends StateChoice {
  readonly json?: boolean;
}

interface ApproveOptions extends StateChoice {
  readonly as: string;
  readonly json?: boolean;
}

/** Ids of officers, as access tokens have them: no names, no numbers of persons. */
const OFFICER = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;

/** `tereze operation`: trusted documents, and who approved what they reach. */
export function addOperation(program: Command, terminal: Terminal): void {
  const operation = program.command('operation');
  operation
    .command('list')
    .description('Every trusted document, with what changed since it was approved.')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze operation list\n')
    .action((options: ListOptions) => list(options, terminal));
  operation
    .command('approve')
    .description(
      'Approve what a trusted document reaches now; the approval is an entry of the audit log. A gateway loads it at its next start.',
    )
    .argument('<id>', 'name of the document')
    .requiredOption('--as <officer>', 'id of the officer who approves')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze operation approve HousingQueue --as officer-17\n')
    .action((id: string, options: ApproveOptions) => approve(id, options, terminal));
  operation
    .command('withdraw')
    .description(
      'Withdraw what is approved of a trusted document; this is an entry of the audit log. A gateway stops answering it at its next start or reload.',
    )
    .argument('<id>', 'name of the document')
    .requiredOption('--as <officer>', 'id of the officer who withdraws')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze operation withdraw HousingQueue --as officer-17\n')
    .action((id: string, options: ApproveOptions) => withdraw(id, options, terminal));
}

interface Status {
  readonly name: string;
  readonly approvedBy: string | null;
  readonly state: 'approved' | 'changed' | 'withdrawn' | 'new';
  readonly changes: readonly string[];
}

async function list(options: ListOptions, terminal: Terminal): Promise<void> {
  const reaches = await currentReaches(await readConfig(configFile(options), terminal.environment));
  await withState(options, terminal, async ({ sql }) => {
    const latest = await approvalsOf({ sql }).latest(reaches.map(({ name }) => name));
    const all = reaches.map((reach) => statusOf(reach, latest.get(reach.name)));
    terminal.print(options.json ? `${JSON.stringify(all)}\n` : all.map(describe).join(''));
  });
}

function statusOf(reach: DocumentReach, approval: Approval | undefined): Status {
  const { name } = reach;
  if (approval === undefined) return { name, approvedBy: null, state: 'new', changes: [] };
  const { approvedBy } = approval;
  if (approval.isWithdrawn) return { name, approvedBy: null, state: 'withdrawn', changes: [] };
  if (approval.fingerprint === fingerprintOf(reach)) return { name, approvedBy, state: 'approved', changes: [] };
  return { name, approvedBy, state: 'changed', changes: reachChanges(approval.reach, reach) };
}

function describe({ name, approvedBy, state, changes }: Status): string {
  const how = {
    approved: approvedBy === null ? 'as first loaded' : `approved by ${approvedBy}`,
    changed: 'CHANGED, not loaded until approved:',
    withdrawn: 'withdrawn, not loaded until approved',
    new: 'new, loaded at the next start',
  }[state];
  return [`${name}: ${how}`, ...changes.map((change) => `  ${change}`), ''].join('\n');
}

async function approve(id: string, options: ApproveOptions, terminal: Terminal): Promise<void> {
  assertOfficer(options);
  const config = await readConfig(configFile(options), terminal.environment);
  const reach = (await currentReaches(config)).find(({ name }) => name === id);
  if (reach === undefined)
    throw new CommandFailure(
      'failed',
      `there is no trusted document ${id}`,
      `They are in ${config.documents.directory}.`,
    );
  await withState(options, terminal, async (state) => {
    const before = statusOf(reach, (await approvalsOf(state).latest([id])).get(id));
    if (before.state === 'approved')
      throw new CommandFailure(
        'failed',
        `nothing changed in ${id} since it was ${before.approvedBy === null ? 'first loaded' : `approved by ${before.approvedBy}`}`,
      );
    const { entry } = await changeApproval(config, state, {
      ...{ act: 'operation_approved', reach, officer: options.as },
      apply: (approvals, tx) => approvals.approve(tx, reach, options.as),
    });
    const told = { ...before, state: 'approved', approvedBy: options.as, entry };
    const changes = before.changes.map((change) => `  ${change}`);
    terminal.print(
      options.json
        ? `${JSON.stringify(told)}\n`
        : [`${id} approved by ${options.as}: entry ${entry}`, ...changes, ''].join('\n'),
    );
  });
}

async function withdraw(id: string, options: ApproveOptions, terminal: Terminal): Promise<void> {
  assertOfficer(options);
  const config = await readConfig(configFile(options), terminal.environment);
  await withState(options, terminal, async (state) => {
    const approval = (await approvalsOf(state).latest([id])).get(id);
    if (approval === undefined || approval.isWithdrawn)
      throw new CommandFailure('failed', `nothing of ${id} is approved`);
    const { reach } = approval;
    const { entry, fenced } = await changeApproval(config, state, {
      ...{ act: 'operation_withdrawn', reach, officer: options.as },
      apply: (approvals, tx) => approvals.withdraw(tx, reach, options.as),
    });
    const told = {
      name: id,
      state: 'withdrawn',
      withdrawnBy: options.as,
      entry,
      ...(fenced === undefined ? {} : { fenced }),
    };
    const warning = fenced === false ? ' (not yet known outside the database)' : '';
    terminal.print(
      options.json ? `${JSON.stringify(told)}\n` : `${id} withdrawn by ${options.as}: entry ${entry}${warning}\n`,
    );
  });
}

function assertOfficer(options: ApproveOptions): void {
  if (!OFFICER.test(options.as))
    throw new CommandFailure('usage', '--as takes the id of an officer: letters, digits, dots, dashes');
}

async function currentReaches(config: Config): Promise<readonly DocumentReach[]> {
  const catalogue = composeCatalogue(loadRegisters(config.supergraph.directory));
  return withPlanner(catalogue.supergraphSdl, async (planner) => {
    const preparer = configuredPreparer(config, {
      catalogue,
      publicSchema: buildPublicSchema(catalogue.publicSdl),
      planner,
    });
    return reachesOf(loadDocuments(config.documents.directory).all, {
      preparer,
      dependencies: footprintDependencies(catalogue),
    });
  });
}
