import { asJson } from '../../monitoring/audit/entry-json.js';
import type { RecordedExport } from '../../monitoring/audit/export/record-export.js';
import { ocsfEvents } from '../../monitoring/audit/formats/ocsf/events-of-entry.js';
import type { SearchFilter } from '../../monitoring/audit/search/filter.js';
import { scanEntries } from '../../monitoring/audit/search/scan.js';
import { isOfAgency } from '../../monitoring/audit/search/scope.js';
import type { StoredEntry } from '../../monitoring/audit/stored-entry.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Sql } from '../../schemas/ports/sql.js';
import type { Config } from '../config/schema.js';
import { entriesAsCsv, entryAsCsv } from './csv.js';
import { readLaws } from './laws.js';

/** The formats that are one text, with the media type of each. */
export const ROW_FORMATS = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson',
  ocsf: 'application/x-ndjson',
} as const;
/** The formats in which entries leave at an address, with the media type of each. */
export const SERVED_FORMATS = { ...ROW_FORMATS, bundle: 'application/x-tar' } as const;
export type ServedFormat = keyof typeof SERVED_FORMATS;
export type RowFormat = keyof typeof ROW_FORMATS;

/** A text for each entry, and one before all of them. */
interface Rows {
  readonly head: string;
  readonly of: (entry: StoredEntry) => string;
}

/** Entries that leave as texts. */
export interface WritingRows {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly config: Pick<Config, 'policies' | 'audit'>;
  readonly format: RowFormat;
  readonly filter: SearchFilter;
  /** Only entries whose bytes name this agency as that of the caller. */
  readonly onlyAgency?: string | undefined;
  readonly recorded: RecordedExport;
}

/**
 * Returns the entries that fit, newest first, as texts. Entries are read in parts as the texts are taken: memory does not
 * grow with their number. After each part, how many entries have left is recorded.
 */
export async function* exportedRows({
  sql,
  clock,
  config,
  format,
  filter,
  onlyAgency,
  recorded,
}: WritingRows): AsyncGenerator<string> {
  const rows = rowsOf(format, config);
  let entries = 0;
  if (rows.head !== '') yield rows.head;
  for await (const { found } of scanEntries({ sql, clock, filter, but: recorded.id })) {
    const shown = found.filter(({ entry }) => onlyAgency === undefined || isOfAgency(entry, onlyAgency));
    yield shown.map(({ entry }) => rows.of(entry)).join('');
    entries += shown.length;
    recorded.recordProgress(entries);
  }
}

function rowsOf(format: RowFormat, config: Pick<Config, 'policies' | 'audit'>): Rows {
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
    case 'jsonl':
      return { head: '', of: (entry) => `${JSON.stringify(asJson(entry))}\n` };
  }
}
