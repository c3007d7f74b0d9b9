import type { StateChoice } from '../installed-state.js';
import type { OpenedLog } from './with-log.js';

/** What a command line says of an export. */
export interface ExportOptions extends StateChoice {
  readonly format: string;
  readonly out?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** An export that was looked at and can be made. */
export interface PreparedExport {
  /** Entries at most; the log keeps the number. */
  readonly limit: number;
  /** Writes it. Called once the export is recorded. */
  write(): Promise<Exported>;
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
export type PrepareExport = (opened: OpenedLog, options: ExportOptions) => Promise<PreparedExport>;
