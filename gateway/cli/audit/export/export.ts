import type { Command } from 'commander';
import type { AuditExportFormat } from '../../../../monitoring/audit/entries.js';
import { recordExport } from '../../../../monitoring/audit/export/record-export.js';
import { checkSearch } from '../../../../monitoring/audit/search/filter.js';
import { nearestKey } from '../../../../schemas/nearest-key.js';
import { readConfig } from '../../../config/read-config.js';
import { CommandFailure } from '../../command-failure.js';
import { configFile } from '../../installed-state.js';
import { askedPlace, type AskedPlace } from '../../officer/asked-place.js';
import type { Terminal } from '../../terminal.js';
import type { ExportFormat, ExportOptions } from './format.js';
import { exportAtOfficers } from './at-officers.js';
import { prepareBundle } from './bundle.js';
import { prepareRows } from './rows.js';
import { prepareTiles } from './tiles.js';
import { addSearchOptions, readingOf, searchFilters, searchGrounds } from '../search-options.js';
import { asWrongUse } from '../asked-search.js';
import { searchedPerson } from '../searched-person.js';
import { operator, withLog } from '../with-log.js';

/** Every format of an export. */
const FORMATS: Readonly<Record<AuditExportFormat, ExportFormat>> = {
  csv: { help: 'a table, a row an entry (RFC 4180)', covers: 'entries', prepare: prepareRows },
  jsonl: { help: 'an entry a line, with all that the log has of it', covers: 'entries', prepare: prepareRows },
  ocsf: { help: 'events of OCSF 1.8.0, one a line', covers: 'entries', prepare: prepareRows },
  bundle: {
    help: 'a directory with entries, their proofs and small verifiers, for someone without Tereze',
    covers: 'entries',
    prepare: prepareBundle,
  },
  tiles: { help: 'a directory of each log, with its checkpoint', covers: 'logs', prepare: prepareTiles },
};

/** `tereze audit export`: entries, as others read them. The export is an entry itself. */
export function addExport(audit: Command, terminal: Terminal): void {
  addSearchOptions(audit.command('export'))
    .description('Write entries for others. The export is recorded before the first byte is written.')
    .requiredOption(
      '--format <format>',
      Object.entries(FORMATS)
        .map(([name, { help }]) => `${name}: ${help}`)
        .join('; '),
    )
    .option(
      '--out <path>',
      'the file to write, that is not there yet; without it, standard output. Of bundle and tiles the directory',
    )
    .option('--approval <id>', 'the approval of a second officer, that an export at an officers’ address needs')
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit export --format ocsf --since 2026-11-01 --out november.jsonl --reason "events of November for the SIEM" --for-case housing/AUD-11\n  npx tereze audit export --format tiles --out log-of-november --reason "monthly copy for the auditor"\n',
    )
    .action((options: ExportOptions) => exportEntries(options, terminal));
}

async function exportEntries(options: ExportOptions, terminal: Terminal): Promise<void> {
  const format = formatOf(options.format);
  const { covers, prepare } = FORMATS[format];
  if (options.reason === undefined) throw new CommandFailure('usage', 'an export needs --reason; the log keeps it');
  if (covers === 'entries' && options.forCase === undefined)
    throw new CommandFailure('usage', `--format ${format} needs --for-case; the log keeps it`);
  searchGrounds(options, []);
  const place = covers === 'logs' ? await databaseOf(options, terminal) : await askedPlace(options, terminal);
  if (place.kind === 'officers') return exportAtOfficers(place, { options, format }, terminal);
  if (options.approval !== undefined)
    throw new CommandFailure('usage', '--approval is for an export at an officers’ address (--at)');
  const { config } = place;
  const filters = searchFilters(options, readingOf(config));
  checkFilters(filters, options, { format, covers });
  const person = options.person === undefined ? undefined : await searchedPerson(options.person, config, terminal);
  const grounds = searchGrounds(options, person === undefined ? [] : [person.identifier]);
  await withLog(config, async (opened) => {
    const prepared = await prepare({ opened, options, format, config, filters, person, terminal });
    const request = {
      caller: operator(),
      ...grounds,
      filters: prepared.filters,
      person,
      format,
      limit: prepared.limit,
    };
    const { text, json } = await recordExport(opened, request, (recorded) => prepared.write(recorded));
    // Standard output has the entries where no file has them.
    const say = options.out === undefined ? terminal.warn : terminal.print;
    say.call(terminal, options.json === true ? `${JSON.stringify(json)}\n` : text);
  });
}

/** Whole logs leave beside the database, in production too: `tereze audit verify` of another hand needs all of them. */
async function databaseOf(options: ExportOptions, terminal: Terminal): Promise<AskedPlace & { kind: 'database' }> {
  if (options.at !== undefined)
    throw new CommandFailure('usage', `--format ${options.format} leaves beside the database: --at is not for it`);
  return { kind: 'database', config: await readConfig(configFile(options), terminal.environment) };
}

function checkFilters(
  filters: object,
  { person }: ExportOptions,
  { format, covers }: { readonly format: string; readonly covers: ExportFormat['covers'] },
): void {
  const [given] = [...Object.keys(filters), ...(person === undefined ? [] : ['person'])];
  if (covers === 'logs' && given !== undefined)
    throw new CommandFailure('usage', `--format ${format} has whole logs: --${given} cannot narrow it`);
  asWrongUse(() => checkSearch(filters, 1));
}

function formatOf(text: string): AuditExportFormat {
  if (Object.hasOwn(FORMATS, text)) return text as AuditExportFormat;
  const names = Object.keys(FORMATS);
  throw new CommandFailure(
    'usage',
    `--format: there is no ${JSON.stringify(text)}; known are ${nearestKey(text, names) ?? names.join(', ')}`,
  );
}
