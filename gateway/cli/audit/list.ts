import type { Command } from 'commander';
import { checkSearch, SearchRefused } from '../../../monitoring/audit/search/filter.js';
import { AuditSearch, type SearchPage } from '../../../monitoring/audit/search/search.js';
import { LANGUAGES, type Language } from '../../../schemas/language.js';
import { nearestKey } from '../../../schemas/nearest-key.js';
import { readConfig } from '../../config/read-config.js';
import type { Config } from '../../config/schema.js';
import { CommandFailure } from '../command-failure.js';
import { configFile } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { asJson } from '../../../monitoring/audit/entry-json.js';
import { readLaws } from '../../officers/laws.js';
import { aboutPage, entriesAsCsv, entriesAsText, LIST_FORMATS, pageAsJson, type ListFormat } from './list-formats.js';
import { addSearchOptions, searchFilters, searchGrounds, type SearchOptions } from './search-options.js';
import { searchedPerson } from './searched-person.js';
import { operator, withLog } from './with-log.js';

interface ListOptions extends SearchOptions {
  readonly limit: string;
  readonly after?: string;
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
  const config = await readConfig(configFile(options), terminal.environment);
  const filters = searchFilters(options, config);
  attempt(() => checkSearch(filters, limit));
  searchGrounds(options, []);
  const person = options.person === undefined ? undefined : await searchedPerson(options.person, config, terminal);
  const grounds = searchGrounds(options, person === undefined ? [] : [person.identifier]);
  await withLog(config, async ({ sql, log, clock, random }) => {
    const search = new AuditSearch({ sql, log, clock, random, limitMs: config.audit.search_ms });
    const page = await search
      .search({ reader: operator(), ...grounds, filters, person, limit, after: options.after })
      .catch(asWrongUse);
    print(page, { format, json: options.json, language }, config, terminal);
  });
}

function attempt(check: () => void): void {
  try {
    check();
  } catch (error) {
    asWrongUse(error);
  }
}

function asWrongUse(error: unknown): never {
  if (error instanceof SearchRefused) throw new CommandFailure('usage', error.message);
  throw error;
}

interface Printing {
  readonly format: ListFormat;
  readonly json: boolean | undefined;
  /** Of the sentences in a text. */
  readonly language: Language;
}

function print(page: SearchPage, { format, json, language }: Printing, config: Config, terminal: Terminal): void {
  if (json) {
    terminal.print(page.entries.map((entry) => `${JSON.stringify(asJson(entry))}\n`).join(''));
    terminal.warn(aboutPage(page));
  } else if (format === 'json') terminal.print(pageAsJson(page));
  else if (format === 'csv') {
    terminal.print(entriesAsCsv(page.entries, readLaws(config)));
    terminal.warn(aboutPage(page));
  } else {
    const text = entriesAsText(page.entries, readLaws(config), language);
    terminal.print(`${text}\n${aboutPage(page)}`);
  }
}

/** What is no number is refused as one out of range. */
function wholeNumber(text: string): number {
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
