import type { AuditExportFormat, EntrySearchFilters } from '../../../../monitoring/audit/entries.js';
import type { RecordedExport } from '../../../../monitoring/audit/export/record-export.js';
import type { SearchedPerson } from '../../../../monitoring/audit/search/searched-person.js';
import type { Config } from '../../../config/schema.js';
import type { Terminal } from '../../terminal.js';
import type { SearchOptions } from '../search-options.js';
import type { OpenedLog } from '../with-log.js';

/** What a command line says of an export. */
export interface ExportOptions extends SearchOptions {
  readonly format: string;
  readonly out?: string;
  readonly approval?: string;
  readonly json?: boolean;
}

/** What an export is made from. */
export interface ExportRequested {
  readonly opened: OpenedLog;
  readonly options: ExportOptions;
  readonly format: AuditExportFormat;
  readonly config: Config;
  /** Which entries; none of them where the format has whole logs. */
  readonly filters: EntrySearchFilters;
  readonly person: SearchedPerson | undefined;
  readonly terminal: Terminal;
}

/** An export that was looked at and can be made. */
export interface PreparedExport {
  /** Entries at most; the log keeps the number. */
  readonly limit: number;
  /** The filters as they hold, with the days that a search covers by default. */
  readonly filters: EntrySearchFilters;
  /** Writes it. Called once the export is recorded. */
  write(recorded: RecordedExport): Promise<Exported>;
}

export interface Exported {
  /** Entries that were written. */
  readonly entries: number;
  /** What was written, for a person. */
  readonly text: string;
  /** The same for a program. */
  readonly json: object;
}

/** Looks at what an export needs and writes nothing. Rejects with `CommandFailure` if it cannot be made. */
export type PrepareExport = (requested: ExportRequested) => Promise<PreparedExport>;

/** A format of an export. */
export interface ExportFormat {
  /** What it is, in a line of the command's help. */
  readonly help: string;
  /** `entries`: those that fit the filters, for a case; `logs`: all entries of every log. */
  readonly covers: 'entries' | 'logs';
  readonly prepare: PrepareExport;
}
