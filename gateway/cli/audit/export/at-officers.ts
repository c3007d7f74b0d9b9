import { isLimitedToDays } from '../../../../monitoring/audit/search/filter.js';
import { ROW_FORMATS } from '../../../exports/rows.js';
import { CommandFailure } from '../../command-failure.js';
import type { OfficersPlace } from '../../officer/asked-place.js';
import type { Terminal } from '../../terminal.js';
import { askedOfOfficers } from '../asked-search.js';
import { checkAbsent, writeNewFile } from '../new-file.js';
import type { ExportOptions } from './format.js';
import { asUnread, DEFAULT_RANGE } from './rows.js';

/**
 * Exports through an officers' address, as the officer who signed in. What breaks off leaves no file. Rejects with
 * `CommandFailure`.
 */
export async function exportAtOfficers(
  { api, timeZone }: OfficersPlace,
  { options, format }: { readonly options: ExportOptions; readonly format: string },
  terminal: Terminal,
): Promise<void> {
  const { out, json } = options;
  if (!Object.hasOwn(ROW_FORMATS, format))
    throw new CommandFailure(
      'usage',
      `--format ${format} is not served at an officers’ address`,
      `There, entries leave as ${Object.keys(ROW_FORMATS).join(', ')}.`,
    );
  if (out !== undefined) await checkAbsent(out);
  const asked = await askedOfOfficers(options, { limit: undefined, timeZone }, terminal);
  const response = await api.stream('/audit/v1/exports', { ...asked, format });
  const exportId = response.headers.get('tereze-export');
  if (out === undefined) await terminal.printAll(textsOf(response)).catch(asUnread);
  else await writeNewFile(out, textsOf(response));
  const isDefault = isLimitedToDays({ ...asked.filters, ...(asked.person === undefined ? {} : { tokens: [] }) });
  const about = [
    ...(out === undefined ? [] : [`Entries in ${out}.`]),
    ...(isDefault ? [`From 30 days ago${DEFAULT_RANGE}.`] : []),
    `This export is recorded as ${exportId}.`,
    '',
  ].join('\n');
  // Standard output has the entries where no file has them.
  const say = out === undefined ? terminal.warn : terminal.print;
  say.call(terminal, json === true ? `${JSON.stringify({ file: out ?? null, exportId })}\n` : about);
}

async function* textsOf({ body }: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  try {
    for await (const bytes of body ?? []) yield decoder.decode(bytes as Uint8Array, { stream: true });
    yield decoder.decode();
  } catch {
    throw new CommandFailure(
      'failed',
      'the export broke off before its end, and its approval is used up',
      'Ask for another approval to repeat it.',
    );
  }
}
