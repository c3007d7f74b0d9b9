import type { Command } from 'commander';
import { textFault } from '../../schemas/caller-texts/text-fault.js';
import {
  carryOut,
  planAcceptance,
  planInitialisation,
  type NoPlan,
  type StateActResult,
  type StatePlan,
} from '../compose/state-acts.js';
import { findLost, readDatabaseHead } from '../state/anchor/database-head.js';
import { headToJson, type Head } from '../state/anchor/head.js';
import { describeStanding } from '../state/anchor/standing.js';
import { newestOf, type SurveyedPlace } from '../state/anchor/survey.js';
import { CommandFailure } from './command-failure.js';
import { collect } from './options.js';
import type { StateChoice } from './installed-state.js';
import { withOwnedState, type OwnedState } from './owned-state.js';
import type { Terminal } from './terminal.js';

interface StatusOptions extends StateChoice {
  readonly json?: boolean;
}

interface ActOptions extends StatusOptions {
  readonly reason: string;
  readonly without: readonly string[];
}

const MAX_REASON = 200;

/** `tereze state`: the state database beside the heads that are kept outside it. */
export function addState(program: Command, terminal: Terminal): void {
  const state = program.command('state');
  state
    .command('status')
    .description('What each place and the database hold, and whether the database has gone back in time.')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze state status --config tereze.yaml\n')
    .action((options: StatusOptions) => withOwnedState(options, terminal, (owned) => status(owned, options, terminal)));
  act(
    state
      .command('init')
      .description(
        'Write the first head. A database that has entries is accepted as it is, and its consents suspended.',
      ),
  )
    .option('--reason <text>', 'why; the audit log keeps it', 'first head')
    .addHelpText('after', '\nExample:\n  DATABASE_ADMIN_URL=... npx tereze state init --config tereze.yaml\n')
    .action((options: ActOptions) =>
      withOwnedState(options, terminal, (owned) => perform(owned, options, terminal, planInitialisation)),
    );
  act(
    state
      .command('accept-rollback')
      .description('Accept a database that has gone back in time: what is lost is printed and must be confirmed.'),
  )
    .requiredOption('--reason <text>', 'why; the audit log keeps it')
    .addHelpText(
      'after',
      '\nExample:\n  DATABASE_ADMIN_URL=... npx tereze state accept-rollback --reason "disk of db-1 lost" --config tereze.yaml\n',
    )
    .action((options: ActOptions) =>
      withOwnedState(options, terminal, (owned) =>
        perform(owned, options, terminal, (places, ports) => planAcceptance(places, options.without, ports)),
      ),
    );
}

function act(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option(
      '--without <place>',
      'a place that cannot be read and never will; every consent is suspended then (repeatable)',
      collect,
      [],
    )
    .option('--json', 'print as JSON');
}

async function status({ places, ports }: OwnedState, { json }: StatusOptions, terminal: Terminal): Promise<void> {
  const database = await readDatabaseHead(ports.owner);
  const newest = newestOf(places);
  const lost = newest && (await findLost(ports.owner, database, newest));
  const unread = places.filter(({ fault }) => fault !== undefined).map(({ name }) => name);
  const problem =
    newest === undefined
      ? describeStanding(unread.length === 0 ? { kind: 'no_head' } : { kind: 'unreadable', places: unread })
      : lost && describeStanding({ kind: 'behind', lost });
  if (problem !== undefined) terminal.fail();
  if (json) {
    const told = places.map(({ name, head, fault }) => ({ name, fault, head: head && headToJson(head) }));
    terminal.print(
      `${JSON.stringify({ places: told, database: headToJson(database), current: problem === undefined })}\n`,
    );
    return;
  }
  terminal.print(
    [
      ...places.map((place) => `${place.name}: ${place.fault ?? (place.head ? summary(place.head) : 'has no head')}`),
      `database: ${summary(database)}`,
      problem ?? 'The database holds everything that the heads know.',
      '',
    ].join('\n'),
  );
}

function summary({ epoch, logs, restrictions }: Head): string {
  const entries = [...logs.values()].reduce((sum, { size }) => sum + size, 0);
  return `epoch ${epoch}, ${entries} entries in ${logs.size} logs, ${restrictions} restrictions`;
}

const NOTHING: Readonly<Record<NoPlan, string>> = {
  has_head: 'the state has a head already',
  no_head: 'no place has a head; the first one is written by `tereze state init`',
  nothing_lost: 'the database holds everything that the heads know: there is nothing to accept',
};

async function perform(
  { places, ports }: OwnedState,
  { reason, without, json }: ActOptions,
  terminal: Terminal,
  planOf: (places: readonly SurveyedPlace[], ports: OwnedState['ports']) => Promise<StatePlan | NoPlan>,
): Promise<void> {
  checkReason(reason);
  const readable = readableOf(places, without);
  const plan = await planOf(readable, ports);
  if (typeof plan === 'string') throw new CommandFailure('failed', NOTHING[plan]);
  terminal.warn(describePlan(plan));
  await confirm(plan.entries, terminal);
  const result = await carryOut(plan, readable, reason, ports);
  terminal.print(json ? `${JSON.stringify({ act: plan.act, ...result })}\n` : describeResult(result));
}

function checkReason(reason: string): void {
  if (reason.trim() === '' || reason.length > MAX_REASON || textFault(reason) !== undefined)
    throw new CommandFailure(
      'usage',
      `--reason takes up to ${MAX_REASON} characters of plain text without numbers of persons`,
    );
}

/** A place that cannot be read may know of a withdrawal that no other place knows, so it is left out by name only. */
function readableOf(places: readonly SurveyedPlace[], without: readonly string[]): readonly SurveyedPlace[] {
  const unknown = without.find((name) => !places.some((place) => place.name === name));
  if (unknown !== undefined) throw new CommandFailure('usage', `state.anchor has no place ${unknown}`);
  const left = places.filter(({ name }) => !without.includes(name));
  const unread = left.filter(({ fault }) => fault !== undefined);
  if (unread.length > 0)
    throw new CommandFailure(
      'failed',
      `cannot be read: ${unread.map(({ name, fault }) => `${name} (${fault})`).join(', ')}`,
      'Repair the place, or name it with --without: then every consent in force is suspended until its citizen confirms it.',
    );
  if (left.length === 0) throw new CommandFailure('failed', 'no place is left to write the head to');
  return left;
}

function describePlan(plan: StatePlan): string {
  switch (plan.act) {
    case 'first_head':
      return 'The database has no head yet. Nothing is known to be lost.\n';
    case 'initialised':
      return `No head says what the database lacks. It has ${plan.entries} entries. Its logs are closed, handles end, and every consent in force is suspended until its citizen confirms it.\n`;
    case 'rollback_accepted':
      return describeLoss(plan);
  }
}

function describeLoss({ lost, entries, without }: Extract<StatePlan, { act: 'rollback_accepted' }>): string {
  return [
    `Lost: ${entries} entries.`,
    ...lost.logs.map(
      ({ log, size, headSize, isOther }) =>
        `  ${log}: ${size} of ${headSize} entries${isOther ? ', and another one where the last of these stood' : ''}`,
    ),
    `Restrictions in the database: ${lost.restrictions}, in the head: ${lost.headRestrictions}. The journals are applied.`,
    without.length === 0
      ? 'Where a restriction is in no journal, every consent in force is suspended until its citizen confirms it.'
      : `Without ${without.join(', ')}, every consent in force is suspended until its citizen confirms it.`,
    'All handles end. The logs are closed.',
    '',
  ].join('\n');
}

async function confirm(entries: number, terminal: Terminal): Promise<void> {
  terminal.warn(`Type ${entries} to go on: `);
  const typed = (await terminal.readLine()).trim();
  if (typed !== String(entries))
    throw new CommandFailure('failed', 'the number was not confirmed; nothing was changed');
}

function describeResult({ accepted, unwritten }: StateActResult): string {
  const did =
    accepted === undefined
      ? ['The head is written.']
      : [
          `Epoch ${accepted.epoch}. ${accepted.restricted.consents} consents restricted, ${accepted.suspended} suspended, ${accepted.restricted.approvals} documents to approve again, ${accepted.handles} handles ended, ${accepted.closedLogs.length} logs closed.`,
          ...(accepted.missing > 0
            ? [
                `${accepted.missing} restrictions are in no journal. If one of them withdrew an approval, the document is approved again: see \`tereze operation list\`.`,
              ]
            : []),
          `Entry ${accepted.entry.log}/${accepted.entry.index}.`,
        ];
  const missing = unwritten.map(({ name, fault }) => `${name} has no new head yet (${fault}).`);
  return [...did, ...missing, ''].join('\n');
}
