import type { Command } from 'commander';
import { HoldRefused, Holds, type Hold, type HoldScope } from '../../monitoring/audit/retention/holds.js';
import { textFault } from '../../schemas/caller-texts/text-fault.js';
import { readConfig } from '../config/read-config.js';
import type { Config } from '../config/schema.js';
import { CommandFailure } from './command-failure.js';
import { configFile, type StateChoice } from './installed-state.js';
import type { Terminal } from './terminal.js';
import { caseOf, checkReason, instant, notWritten } from './audit/search-options.js';
import { searchedPerson } from './audit/searched-person.js';
import { operator, withLog } from './audit/with-log.js';

interface HoldOptions extends StateChoice {
  readonly case?: string;
  readonly agency?: string;
  readonly person?: string;
  readonly since?: string;
  readonly until?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `tereze hold`: what of the audit log is neither archived nor erased. */
export function addHold(program: Command, terminal: Terminal): void {
  const hold = program.command('hold');
  reasoned(hold.command('ask'))
    .description('Ask for a hold on a case, an agency, a person or a time. It keeps entries at once.')
    .option('--case <agency/number>', 'entries of this case')
    .option('--agency <agency>', 'entries of callers of this agency')
    .option('--person <file>', 'entries about a person: - reads the number from the terminal or standard input')
    .option('--since <time>', 'entries from this time on')
    .option('--until <time>', 'entries before this time; a day is included')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze hold ask --case housing/HQ-2026-000101 --reason "proceedings 12-345 of the court"\n',
    )
    .action((options: HoldOptions) => ask(options, terminal));
  reasoned(hold.command('lift <id>'))
    .description('Ask to lift a hold. It keeps entries until a second person agrees.')
    .addHelpText('after', '\nExample:\n  npx tereze hold lift ID --reason "the proceedings have ended"\n')
    .action((id: string, options: HoldOptions) =>
      step(options, terminal, async (holds, why) => {
        await holds.askToLift(id, why);
        return { id, state: 'lift_asked' };
      }),
    );
  reasoned(hold.command('agree <id>'))
    .description('Agree, as a second person, to what was asked last: to a hold, or to lifting it.')
    .addHelpText('after', '\nExample:\n  npx tereze hold agree ID --reason "letter 7 of the court was seen"\n')
    .action((id: string, options: HoldOptions) =>
      step(options, terminal, async (holds, why) => ({ id, state: await holds.agree(id, why) })),
    );
  hold
    .command('list')
    .description('Every hold, the newest first.')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze hold list\n')
    .action((options: HoldOptions) => list(options, terminal));
}

function reasoned(command: Command): Command {
  return command
    .option('--reason <text>', 'why, 10 to 500 characters; the log keeps it')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print as JSON');
}

async function ask(options: HoldOptions, terminal: Terminal): Promise<void> {
  const config = await readConfig(configFile(options), terminal.environment);
  const scope = await scopeOf(options, config, terminal);
  await step(options, terminal, async (holds, why) => ({ id: await holds.ask(scope, why), state: 'asked' }), scope);
}

async function step(
  options: HoldOptions,
  terminal: Terminal,
  take: (holds: Holds, why: Parameters<Holds['agree']>[1]) => Promise<{ readonly id: string; readonly state: string }>,
  scope: HoldScope = {},
): Promise<void> {
  const { reason } = options;
  if (reason === undefined) throw new CommandFailure('usage', 'a hold needs --reason; the log keeps it');
  checkReason(reason, scope.person === undefined ? [] : [scope.person.identifier]);
  const config = await readConfig(configFile(options), terminal.environment);
  await withLog(config, async (opened) => {
    const why = { by: operator(), reason: reason.trim() };
    const taken = await take(new Holds(opened), why).catch(asCommandFailure);
    terminal.print(options.json ? `${JSON.stringify(taken)}\n` : `Hold ${taken.id}: ${taken.state}.\n`);
  });
}

async function list(options: HoldOptions, terminal: Terminal): Promise<void> {
  const config = await readConfig(configFile(options), terminal.environment);
  await withLog(config, async (opened) => {
    const holds = await new Holds(opened).list();
    const text = holds.length === 0 ? 'There is no hold.\n' : holds.map(describe).join('');
    terminal.print(options.json ? `${JSON.stringify(holds)}\n` : text);
  });
}

async function scopeOf(
  { case: matter, agency, person, since, until }: HoldOptions,
  config: Config,
  terminal: Terminal,
): Promise<HoldScope> {
  if (agency !== undefined && textFault(agency) !== undefined) throw notWritten('--agency', textFault(agency));
  const timeZone = config.jurisdiction.time_zone;
  const found = person === undefined ? undefined : await searchedPerson(person, config, terminal);
  const scope = {
    agency,
    case: matter === undefined ? undefined : caseOf(matter, found === undefined ? [] : [found.identifier], '--case'),
    person: found,
    since: since === undefined ? undefined : instant('--since', since, { timeZone, isEnd: false }),
    before: until === undefined ? undefined : instant('--until', until, { timeZone, isEnd: true }),
  };
  if (scope.since !== undefined && scope.before !== undefined && scope.since >= scope.before)
    throw new CommandFailure('usage', '--since is not before --until');
  return scope;
}

function asCommandFailure(error: unknown): never {
  if (error instanceof HoldRefused)
    throw new CommandFailure(error.fault === 'everything' ? 'usage' : 'failed', error.message);
  throw error;
}

function describe({ id, state, since, before, caseNumber, agency, isOfPerson, askedBy }: Hold): string {
  const about = [
    ...(caseNumber === null ? [] : [`case ${caseNumber}`]),
    ...(agency === null ? [] : [`agency ${agency}`]),
    ...(isOfPerson ? ['a person'] : []),
    ...(since === null ? [] : [`since ${since}`]),
    ...(before === null ? [] : [`before ${before}`]),
  ];
  return `${id}  ${state}  ${about.join(', ')}  asked by ${askedBy}\n`;
}
