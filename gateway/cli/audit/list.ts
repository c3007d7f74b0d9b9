import type { Command } from 'commander';
import { checkSearch } from '../../../monitoring/audit/search/filter.js';
import { AuditSearch, type SearchPage } from '../../../monitoring/audit/search/search.js';
import { LANGUAGES, type Language } from '../../../schemas/language.js';
import { nearestKey } from '../../../schemas/nearest-key.js';
import { entriesAsCsv } from '../../exports/csv.js';
import { readLaws, type LawOf } from '../../exports/laws.js';
import { CommandFailure } from '../command-failure.js';
import { askedPlace } from '../officer/asked-place.js';
import { lawsOf, pageOf, type ShownPage } from '../officer/shown-entries.js';
import type { Terminal } from '../terminal.js';
import { asJson } from '../../../monitoring/audit/entry-json.js';
import { askedOfOfficers, asWrongUse, refusedAsWrongUse } from './asked-search.js';
import { aboutPage, entriesAsText, LIST_FORMATS, pageAsJson, type ListFormat } from './list-formats.js';
import { addSearchOptions, readingOf, searchFilters, searchGrounds, type SearchOptions } from './search-options.js';
import { searchedPerson } from './searched-person.js';
import { operator, withLog } from './with-log.js';

interface ListOptions extends SearchOptions {
  readonly limit: string;
  readonly after?: string;
  readonly approval?: string;
  readonly format: string;
  readonly language: string;
  readonly json?: boolean;
}

/** `tereze audit list`: entries, newest first. The search is an entry itself. */
export function addList(audit: Command, terminal: Terminal): void {
  addSearchOptions(audit.command('list'))
    .description('Entries, newest first. The search itself is recorded before the first is shown.')
    .option('--limit <number>', 'entries at most, up to 10000', '50')
    .option('--after <cursor>', 'go on after an earlier page of the same search')
    .option('--approval <id>', 'the approval of a second officer, for a search that needs one')
    .option('--format <format>', LIST_FORMATS.join(', '), 'text')
    .option('--language <language>', `of the sentences: ${LANGUAGES.join(', ')}`, 'en')
    .option('--json', 'print entries as JSON lines, and the rest to standard error')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit list --agency housing --kind completion\n  npx tereze audit list --person - --since 2026-03-01 --reason "complaint about a refusal" --for-case housing/HQ-2026-000101\n',
    )
    .action((options: ListOptions) => list(options, terminal));
}

async function list(options: ListOptions, terminal: Terminal): Promise<void> {
  const limit = wholeNumber(options.limit);
  const format = formatOf(options.format);
  const language = languageOf(options.language);
  const printing = { format, json: options.json, language };
  const place = await askedPlace(options, terminal);
  if (place.kind === 'officers') {
    const asked = await askedOfOfficers(options, { limit, timeZone: place.timeZone }, terminal);
    const page = (await place.api.send('POST', '/audit/v1/searches', asked)) as ShownPage;
    print(pageOf(page), printing, () => lawsOf(page.entries), terminal);
    return;
  }
  if (options.approval !== undefined)
    throw new CommandFailure('usage', '--approval is for a search at an officers’ address (--at)');
  const { config } = place;
  const filters = searchFilters(options, readingOf(config));
  asWrongUse(() => checkSearch(filters, limit));
  searchGrounds(options, []);
  const person = options.person === undefined ? undefined : await searchedPerson(options.person, config, terminal);
  const grounds = searchGrounds(options, person === undefined ? [] : [person.identifier]);
  await withLog(config, async ({ sql, log, clock, random }) => {
    const search = new AuditSearch({ sql, log, clock, random, limitMs: config.audit.search_ms });
    const page = await search
      .search({ reader: operator(), ...grounds, filters, person, limit, after: options.after })
      .catch(refusedAsWrongUse);
    print(page, printing, () => readLaws(config), terminal);
  });
}

interface Printing {
  readonly format: ListFormat;
  readonly json: boolean | undefined;
  /** Of the sentences in a text. */
  readonly language: Language;
}

function print(page: SearchPage, { format, json, language }: Printing, laws: () => LawOf, terminal: Terminal): void {
  if (json) {
    terminal.print(page.entries.map((entry) => `${JSON.stringify(asJson(entry))}\n`).join(''));
    terminal.warn(aboutPage(page));
  } else if (format === 'json') terminal.print(pageAsJson(page));
  else if (format === 'csv') {
    terminal.print(entriesAsCsv(page.entries, laws()));
    terminal.warn(aboutPage(page));
  } else {
    const text = entriesAsText(page.entries, laws(), language);
    terminal.print(`${text}\n${aboutPage(page)}`);
  }
}

/** Returns the number that an option states. What is no number is refused as one out of range. */
export function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

function languageOf(text: string): Language {
  const language = LANGUAGES.find((one) => one === text);
  if (language !== undefined) return language;
  throw new CommandFailure('usage', `--language takes ${LANGUAGES.join(', ')}`);
}

function formatOf(text: string): ListFormat {
  const format = LIST_FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  const nearest = nearestKey(text, LIST_FORMATS) ?? LIST_FORMATS.join(', ');
  throw new CommandFailure('usage', `--format: there is no ${JSON.stringify(text)}; did you mean ${nearest}?`);
}
