import type { Command } from 'commander';
import { SERVED_FORMATS } from '../../exports/rows.js';
import { CommandFailure } from '../command-failure.js';
import { askedPlace, type OfficersPlace, type PlaceChoice } from '../officer/asked-place.js';
import type { Terminal } from '../terminal.js';
import { askedOfOfficers } from './asked-search.js';
import { approvalAsText, type ShownApproval } from './approval-text.js';
import { wholeNumber } from './list.js';
import { addSearchOptions, checkAmong, type SearchOptions } from './search-options.js';

interface PlaceOptions extends PlaceChoice {
  readonly json?: boolean;
}

interface AskOptions extends SearchOptions, PlaceOptions {
  readonly format?: string;
  readonly limit?: string;
  readonly after?: string;
}

interface DecisionOptions extends PlaceOptions {
  readonly hash: string;
}

const PATH = '/audit/v1/approvals';
const ACTIONS = ['search', 'export'];

/** `tereze audit approval`: what one officer asks, another approves. Each step is an entry. */
export function addApproval(audit: Command, terminal: Terminal): void {
  const approval = audit
    .command('approval')
    .description('What an officer may do only once a second officer has approved it. Each step is recorded.');
  addSearchOptions(approval.command('ask <action>'))
    .description(
      'Ask for the approval of exactly this search or export: the same options as audit list and audit export.',
    )
    .option('--format <format>', `of an export: ${Object.keys(SERVED_FORMATS).join(', ')}`)
    .option('--limit <number>', 'of a search: entries at most (50 if it is left out)')
    .option('--after <cursor>', 'of a search: go on after an earlier page')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit approval ask export --format csv --agency housing --since 2026-11-01 --reason "yearly audit of the agency" --for-case housing/AUD-11 --at https://audit.tereze.example\n',
    )
    .action((action: string, options: AskOptions) => ask(action, options, terminal));
  placed(approval.command('list'))
    .description('What waits for your decision, and what you asked; newest first.')
    .addHelpText('after', '\nExample:\n  npx tereze audit approval list --at https://audit.tereze.example\n')
    .action((options: PlaceOptions) => list(options, terminal));
  for (const decision of ['approve', 'refuse'] as const)
    placed(approval.command(`${decision} <id>`))
      .description(`${decision === 'approve' ? 'Approve' : 'Refuse'} what another officer asked, as the list shows it.`)
      .requiredOption('--hash <hash>', 'the hash that the list shows: of exactly what is asked')
      .addHelpText(
        'after',
        `\nExample:\n  npx tereze audit approval ${decision} ID --hash HASH --at https://audit.tereze.example\n`,
      )
      .action((id: string, options: DecisionOptions) => decide({ id, decision }, options, terminal));
}

function placed(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--at <address>', 'where officers are served: ask there, as the officer who signed in (tereze login)')
    .option('--json', 'print as JSON');
}

async function ask(action: string, options: AskOptions, terminal: Terminal): Promise<void> {
  checkAmong('ACTION', action, ACTIONS);
  const { format, limit } = options;
  const isExport = action === 'export';
  if (isExport !== (format !== undefined))
    throw new CommandFailure('usage', isExport ? 'an export needs --format' : '--format is for an export');
  if (format !== undefined) checkAmong('--format', format, Object.keys(SERVED_FORMATS));
  if (isExport && (limit !== undefined || options.after !== undefined))
    throw new CommandFailure('usage', 'an export has no pages: --limit and --after are for a search');
  const { api, timeZone } = await officersPlace(options, terminal);
  const rows = isExport ? undefined : wholeNumber(limit ?? '50');
  const asked = await askedOfOfficers(options, { limit: rows, timeZone }, terminal);
  const body = { action, ...(format === undefined ? {} : { format }), ...asked };
  const approval = (await api.send('POST', PATH, body)) as ShownApproval;
  print(approval, options, terminal, () => approvalAsText(approval, 'asked'));
}

async function list(options: PlaceOptions, terminal: Terminal): Promise<void> {
  const { api } = await officersPlace(options, terminal);
  const listed = (await api.send('GET', PATH)) as Readonly<Record<'waiting' | 'asked', readonly ShownApproval[]>>;
  print(listed, options, terminal, () =>
    [
      `${listed.waiting.length} wait for your decision.\n`,
      ...listed.waiting.map((one) => approvalAsText(one, 'waiting')),
      `${listed.asked.length} are yours.\n`,
      ...listed.asked.map((one) => approvalAsText(one, 'asked')),
    ].join('\n'),
  );
}

async function decide(
  { id, decision }: { readonly id: string; readonly decision: 'approve' | 'refuse' },
  options: DecisionOptions,
  terminal: Terminal,
): Promise<void> {
  const { api } = await officersPlace(options, terminal);
  const path = `${PATH}/${encodeURIComponent(id)}/${decision}`;
  const approval = (await api.send('POST', path, { hash: options.hash })) as ShownApproval;
  print(approval, options, terminal, () => approvalAsText(approval, 'decided'));
}

async function officersPlace(options: PlaceOptions, terminal: Terminal): Promise<OfficersPlace> {
  const place = await askedPlace(options, terminal);
  if (place.kind === 'officers') return place;
  throw new CommandFailure(
    'usage',
    'approvals are asked and given by officers who have signed in: say where with --at',
    'Sign in with: npx tereze login --at ADDRESS',
  );
}

function print(answer: object, { json }: PlaceOptions, terminal: Terminal, text: () => string): void {
  terminal.print(json === true ? `${JSON.stringify(answer)}\n` : text());
}
