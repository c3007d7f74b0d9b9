import { readCompared } from '../../../../monitoring/audit/rederive/compared.js';
import { SearchRefused } from '../../../../monitoring/audit/search/filter.js';
import { codeOf } from '../../../../schemas/error-code.js';
import { CommandFailure } from '../../command-failure.js';
import { coveredRange, type CoveredRange } from '../../../exports/covered-range.js';
import { exportedRows, ROW_FORMATS, type RowFormat } from '../../../exports/rows.js';
import { checkAbsent, writeNewFile } from '../new-file.js';
import { aboutCompared } from '../list-formats.js';
import type { ExportRequested, Exported, PreparedExport } from './format.js';

/**
 * Prepares an export of the entries that fit, newest first, as lines of a file or of standard output. Entries are read in
 * parts and written as they come: memory does not grow with their number.
 */
export async function prepareRows(requested: ExportRequested): Promise<PreparedExport> {
  const { opened, options, config, terminal } = requested;
  const { sql, clock } = opened;
  const format = rowFormat(requested.format);
  if (options.out !== undefined) await checkAbsent(options.out);
  const { limit, filter, filters, isDefault } = await rangeOf(requested);
  const { since } = filters;
  return {
    limit,
    filters,
    write: async (recorded): Promise<Exported> => {
      const texts = exportedRows({ sql, clock, config, format, filter, recorded });
      if (options.out === undefined) await terminal.printAll(texts).catch(asUnread);
      else await writeNewFile(options.out, texts);
      const entries = recorded.written();
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

function rowFormat(format: string): RowFormat {
  if (Object.hasOwn(ROW_FORMATS, format)) return format as RowFormat;
  throw new RangeError(`${format} has no rows`);
}

/** Rethrows as `CommandFailure` that standard output was closed before its end, as `head` does. */
export function asUnread(error: unknown): never {
  if (codeOf(error) !== 'EPIPE') throw error;
  throw new CommandFailure('failed', 'standard output was closed before the end of the export');
}

export const DEFAULT_RANGE = ', the last 30 days: --since looks further back';

/** Resolves with what an export covers. Rejects with `CommandFailure` for a log that is not there. */
export function rangeOf({ opened, filters, person }: ExportRequested): Promise<CoveredRange> {
  return coveredRange({ ...opened, filters, person }).catch((error: unknown) => {
    throw error instanceof SearchRefused ? new CommandFailure('usage', error.message) : error;
  });
}
