import type { Command } from 'commander';
import { openAudit } from '../../monitoring/audit/open-audit.js';
import { createConsentGuard } from '../../policies/consent/guard.js';
import { readSecret } from '../../policies/secret.js';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../schemas/catalogue/public-schema.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import { loadDocuments } from '../../schemas/operations/load-documents.js';
import { approvalEntry } from '../approvals/approval-entry.js';
import { reachesOf } from '../approvals/approved-documents.js';
import type { Approval } from '../approvals/port.js';
import { createPostgresApprovals } from '../approvals/postgres-approvals.js';
import { fingerprintOf, reachChanges, type DocumentReach } from '../approvals/reach.js';
import { systemClock } from '../compose/clock.js';
import { createHttpClient } from '../compose/http-client.js';
import { openAnchor } from '../compose/open-anchor.js';
import { configuredPreparer } from '../compose/preparer.js';
import { readConfig } from '../config/read-config.js';
import type { Config } from '../config/schema.js';
import { footprintDependencies } from '../planning/footprint/footprint.js';
import { systemRandom } from '../compose/random.js';
import { createRestrictionCounter } from '../state/restrictions.js';
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
const SILENT = { log: () => undefined, count: () => undefined, duration: () => undefined, gauge: () => undefined };
const ANCHOR_PORTS = {
  clock: systemClock({ timeZone: 'UTC' }),
  random: systemRandom,
  http: createHttpClient(),
  observer: SILENT,
};

/** `tereze operation`: trusted documents, and who approved what they reach. */
export function addOperation(program: Command, terminal: Terminal): void {
  const operation = program
    .command('operation')
    .description('Trusted documents: what changed in them, and approving it.');
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
    const clock = systemClock({ timeZone: 'UTC' });
    const approvals = createPostgresApprovals({ sql, clock, restrictions: createRestrictionCounter(clock) });
    const latest = await approvals.latest(reaches.map(({ name }) => name));
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
  if (!OFFICER.test(options.as))
    throw new CommandFailure('usage', '--as takes the id of an officer: letters, digits, dots, dashes');
  const config = await readConfig(configFile(options), terminal.environment);
  const reach = (await currentReaches(config)).find(({ name }) => name === id);
  if (reach === undefined)
    throw new CommandFailure(
      'failed',
      `there is no trusted document ${id}`,
      `They are in ${config.documents.directory}.`,
    );
  await withState(options, terminal, async (state) => {
    const clock = systemClock({ timeZone: 'UTC' });
    const approvals = createPostgresApprovals({ sql: state.sql, clock, restrictions: createRestrictionCounter(clock) });
    const before = statusOf(reach, (await approvals.latest([id])).get(id));
    if (before.state === 'approved')
      throw new CommandFailure(
        'failed',
        `nothing changed in ${id} since it was ${before.approvedBy === null ? 'first loaded' : `approved by ${before.approvedBy}`}`,
      );
    const anchor = await openAnchor(config, readSecret(config.policies.secret_file), ANCHOR_PORTS);
    await anchor?.start(state.unanchored);
    if (anchor?.canFence() === false) {
      await anchor.close();
      throw new CommandFailure(
        'failed',
        'no place of state.anchor can be written, or the database has gone back in time',
        '`tereze state status` says which. Nothing was approved.',
      );
    }
    const { log } = await openAudit(config.audit, {
      sql: state.sql,
      clock,
      random: systemRandom,
      observer: SILENT,
      guard: createConsentGuard(clock),
    });
    try {
      const requestId = systemRandom.uuid();
      const {
        log: name,
        index,
        result: restriction,
      } = await log.appendChange({
        requestId,
        apply: (tx) => approvals.approve(tx, reach, options.as),
        entry: () => ({
          body: approvalEntry({ act: 'operation_approved', reach, officer: options.as, at: clock.now(), requestId }),
          beside: {},
        }),
      });
      // What was approved before no longer is.
      if (restriction !== undefined) await anchor?.fence(restriction);
      const told = { ...before, state: 'approved', approvedBy: options.as, entry: `${name}/${index}` };
      terminal.print(
        options.json
          ? `${JSON.stringify(told)}\n`
          : [
              `${id} approved by ${options.as}: entry ${told.entry}`,
              ...before.changes.map((change) => `  ${change}`),
              '',
            ].join('\n'),
      );
    } finally {
      await log.close();
      await anchor?.close();
    }
  });
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
