import type { EntrySearchFilters } from '../../../../monitoring/audit/entries.js';
import { ocsfEvents } from '../../../../monitoring/audit/formats/ocsf/events-of-entry.js';
import { readCompared } from '../../../../monitoring/audit/rederive/compared.js';
import { defaultSince, isLimitedToDays, type SearchFilter } from '../../../../monitoring/audit/search/filter.js';
import { scanEntries } from '../../../../monitoring/audit/search/scan.js';
import type { RecordedExport } from '../../../../monitoring/audit/export/record-export.js';
import type { StoredEntry } from '../../../../monitoring/audit/stored-entry.js';
import { codeOf } from '../../../../schemas/error-code.js';
import type { Sql } from '../../../../schemas/ports/sql.js';
import type { Config } from '../../../config/schema.js';
import { CommandFailure } from '../../command-failure.js';
import { asJson } from '../../../../monitoring/audit/entry-json.js';
import { checkAbsent, writeNewFile } from '../new-file.js';
import type { ExportRequested, Exported, PreparedExport } from './format.js';
import { readLaws } from '../../../officers/laws.js';
import { aboutCompared, entriesAsCsv, entryAsCsv } from '../list-formats.js';

/** A text for each entry, and one before all of them. */
interface Rows {
  readonly head: string;
  readonly of: (entry: StoredEntry) => string;
}

/**
 * Prepares an export of the entries that fit, newest first, as lines of a file or of standard output. Entries are read in
 * parts and written as they come: memory does not grow with their number.
 */
export async function prepareRows(requested: ExportRequested): Promise<PreparedExport> {
  const { opened, options, format, config, terminal } = requested;
  const { sql } = opened;
  if (options.out !== undefined) await checkAbsent(options.out);
  const { limit, filter, filters, isDefault } = await searchedRange(requested);
  const { since } = filters;
  const rows = rowsOf(format, config);
  return {
    limit,
    filters,
    write: async (recorded): Promise<Exported> => {
      const told = { entries: 0 };
      const texts = textsOf({ ...requested, filter, rows, recorded, told });
      if (options.out === undefined) await terminal.printAll(texts).catch(asUnread);
      else await writeNewFile(options.out, texts);
      const { entries } = told;
      const about = [
        `${entries} ${entries === 1 ? 'entry' : 'entries'}${options.out === undefined ? '' : ` in ${options.out}`}.`,
        ...(since === undefined ? [] : [`From ${since}${isDefault ? DEFAULT_RANGE : ''}.`]),
        aboutCompared(await readCompared(sql)),
        `This export is recorded as ${recorded.id}.`,
        '',
      ].join('\n');
      return { entries, text: about, json: { entries, file: options.out ?? null, since, exportId: recorded.id } };
    },
  };
}

/** Standard output was closed before its end, as `head` does. */
function asUnread(error: unknown): never {
  if (codeOf(error) !== 'EPIPE') throw error;
  throw new CommandFailure('failed', 'standard output was closed before the end of the export');
}

const DEFAULT_RANGE = ', the last 30 days: --since looks further back';

/** Which entries an export covers. */
export interface SearchedRange {
  readonly filter: SearchFilter;
  /** The same for the entry about the export: without index tokens. */
  readonly filters: EntrySearchFilters;
  /** Whether it covers the last 30 days because nothing else was asked for. */
  readonly isDefault: boolean;
  /** Entries at most. */
  readonly limit: number;
}

/** Resolves with what an export covers, by the rules of a search. Rejects with `CommandFailure` for a log that is not there. */
export async function searchedRange({
  opened: { sql, clock },
  filters,
  person,
}: ExportRequested): Promise<SearchedRange> {
  await checkLog(sql, filters.log);
  const asked: SearchFilter = { ...filters, ...(person === undefined ? {} : { tokens: person.tokens }) };
  const isDefault = isLimitedToDays(asked);
  const since = isDefault ? defaultSince(asked, clock.now()) : asked.since;
  const range = since === undefined ? {} : { since };
  return {
    filter: { ...asked, ...range },
    filters: { ...filters, ...range },
    isDefault,
    limit: await countEntries(sql),
  };
}

function rowsOf(format: string, config: Config): Rows {
  switch (format) {
    case 'csv': {
      const laws = readLaws(config);
      return { head: entriesAsCsv([], laws), of: (entry) => entryAsCsv(entry, laws) };
    }
    case 'ocsf':
      return {
        head: '',
        of: (entry) =>
          ocsfEvents(entry, { origin: config.audit.origin, cases: true })
            .map((event) => `${JSON.stringify(event)}\n`)
            .join(''),
      };
    default:
      return { head: '', of: (entry) => `${JSON.stringify(asJson(entry))}\n` };
  }
}

interface Writing extends ExportRequested {
  readonly filter: SearchFilter;
  readonly rows: Rows;
  readonly recorded: RecordedExport;
  /** How many entries have been written. */
  readonly told: { entries: number };
}

async function* textsOf({ opened, filter, rows, recorded, told }: Writing): AsyncGenerator<string> {
  const { sql, clock } = opened;
  if (rows.head !== '') yield rows.head;
  for await (const { found } of scanEntries({ sql, clock, filter, but: recorded.id })) {
    yield found.map(({ entry }) => rows.of(entry)).join('');
    told.entries += found.length;
    recorded.recordProgress(told.entries);
  }
}

async function checkLog(sql: Sql, log: string | undefined): Promise<void> {
  if (log === undefined) return;
  const { rows } = await sql.query('SELECT FROM audit_head WHERE log_id = $1', [log]);
  if (rows.length === 0) throw new CommandFailure('usage', `there is no log ${JSON.stringify(log)}`);
}

/** Resolves with how many entries there are: more cannot be exported. */
async function countEntries(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ readonly entries: string }>('SELECT sum(size) AS entries FROM audit_head');
  return Math.max(1, Number(rows[0]?.entries ?? 0));
}
