import type { Command } from 'commander';
import {
  collectAffected,
  TooManyAffected,
  type Affected,
  type AffectedPerson,
} from '../../../monitoring/audit/search/affected.js';
import { checkSearch, SearchRefused } from '../../../monitoring/audit/search/filter.js';
import { recordRead } from '../../../monitoring/audit/search/record-read.js';
import { csvRecord } from '../../../monitoring/export/csv.js';
import { readConfig } from '../../config/read-config.js';
import { CommandFailure } from '../command-failure.js';
import { configFile } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { checkAbsent, writeNewFile } from './new-file.js';
import { readingOf, searchFilters, searchGrounds, type SearchOptions } from './search-options.js';
import { operator, withLog } from './with-log.js';

interface AffectedOptions extends Pick<
  SearchOptions,
  'config' | 'officer' | 'document' | 'since' | 'until' | 'category' | 'former' | 'forCase'
> {
  readonly caller?: string;
  readonly reason: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `tereze audit affected`: whose data a caller, an officer or a document got. The listing is an entry itself. */
export function addAffected(audit: Command, terminal: Terminal): void {
  audit
    .command('affected')
    .description('List the people whose data a caller, an officer or a document got, in a file. It is recorded before.')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--caller <system>', 'the caller’s client')
    .option('--officer <id>', 'an officer who asked, or one that a system asked for')
    .option('--document <name>', 'a trusted document, by name or hash')
    .requiredOption('--since <time>', 'from this time on: a day, or a time with its zone')
    .option('--until <time>', 'before this time; a day is included')
    .option('--category <category>', 'only people whose data of this category was answered or read')
    .option('--former', 'take names that the configuration does not have any more')
    .requiredOption('--reason <text>', 'why you list them, 10 to 500 characters; the log keeps it')
    .option('--for-case <case>', 'the case for which you list them, AGENCY/NUMBER')
    .requiredOption('--out <file>', 'the file to write, that is not there yet (CSV, mode 0600)')
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit affected --caller housing --since 2026-11-01 --out affected.csv --reason "key of the housing system was lost"\n',
    )
    .action((options: AffectedOptions) => listAffected(options, terminal));
}

async function listAffected(options: AffectedOptions, terminal: Terminal): Promise<void> {
  const { caller, officer, document, since, until, category, former } = options;
  if ([caller, officer, document].filter((one) => one !== undefined).length !== 1)
    throw new CommandFailure('usage', 'say one of --caller, --officer and --document');
  const grounds = searchGrounds(options, []);
  const config = await readConfig(configFile(options), terminal.environment);
  const narrowing = { system: caller, officer, document, since, until, category, former };
  const given = Object.fromEntries(Object.entries(narrowing).filter(([, value]) => value !== undefined));
  const filters = searchFilters(given, readingOf(config));
  checkRange(filters);
  if (config.environment !== 'demo')
    throw new CommandFailure(
      'failed',
      'this list needs a second officer, and this version takes no approval for it outside the demo',
      'Nothing was read.',
    );
  await checkAbsent(options.out);
  await withLog(config, async (opened) => {
    const request = {
      act: 'audit_affected_listed',
      caller: operator(),
      filters,
      ...grounds,
      limit: MOST_ROWS,
    } as const;
    const affected = await recordRead(opened, request, async () => {
      const result = await collectAffected(opened, filters).catch(asCommandFailure);
      return { result, rows: result.people.length };
    });
    await writeNewFile(options.out, linesOf(affected));
    const { people, answers, changed, unlinked } = affected;
    const json = { people: people.length, answers, changed, unlinked, file: options.out };
    terminal.print(options.json === true ? `${JSON.stringify(json)}\n` : about(affected, options.out));
  });
}

const MOST_ROWS = 1_000_000;

function checkRange(filters: Parameters<typeof checkSearch>[0]): void {
  try {
    checkSearch(filters, 1);
  } catch (error) {
    if (error instanceof SearchRefused) throw new CommandFailure('usage', error.message);
    throw error;
  }
}

function asCommandFailure(error: unknown): never {
  if (error instanceof TooManyAffected)
    throw new CommandFailure('failed', error.message, 'Take a shorter time, or one category after another.');
  throw error;
}

async function* linesOf({ people }: Affected): AsyncGenerator<string> {
  yield csvRecord(['person', 'disclosed', 'read', 'first', 'last', 'answers', 'last_entry']);
  for (const person of people) yield rowOf(person);
}

function rowOf({ token, disclosed, read, first, last, answers, place }: AffectedPerson): string {
  const listed = (categories: ReadonlySet<string>): string => [...categories].sort().join(' ');
  return csvRecord([token, listed(disclosed), listed(read), first, last, answers, place]);
}

function about({ people, answers, changed, unlinked }: Affected, file: string): string {
  return [
    `${people.length} people in ${file}, from ${answers} answers.`,
    'The file names no one: a person is an index token, and the entry and position that lead to the sealed number.',
    ...(changed === 0
      ? []
      : [`${changed} of these entries are not as they were written: tereze audit verify names them.`]),
    ...(unlinked === 0 ? [] : [`${unlinked} times what led to a person was erased; these are not in the file.`]),
    '',
  ].join('\n');
}
