import { isLimitedToDays } from '../../../../monitoring/audit/search/filter.js';
import { SERVED_FORMATS } from '../../../exports/rows.js';
import { filesOfTar, TarBroken } from '../../../exports/tar.js';
import { CommandFailure } from '../../command-failure.js';
import type { OfficersPlace } from '../../officer/asked-place.js';
import type { Terminal } from '../../terminal.js';
import { askedOfOfficers } from '../asked-search.js';
import { checkAbsent, writeNewFile } from '../new-file.js';
import { bundleDirectory } from './bundle.js';
import type { ExportOptions } from './format.js';
import { asUnread, DEFAULT_RANGE } from './rows.js';
import { writeInto } from './tiles.js';

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
  if (!Object.hasOwn(SERVED_FORMATS, format))
    throw new CommandFailure(
      'usage',
      `--format ${format} is not served at an officers’ address`,
      `There, entries leave as ${Object.keys(SERVED_FORMATS).join(', ')}.`,
    );
  const isBundle = format === 'bundle';
  if (isBundle) await bundleDirectory(out);
  else if (out !== undefined) await checkAbsent(out);
  const asked = await askedOfOfficers(options, { limit: undefined, timeZone }, terminal);
  const response = await api.stream('/audit/v1/exports', { ...asked, format });
  const exportId = response.headers.get('tereze-export');
  if (isBundle) await writeBundle(await bundleDirectory(out), response);
  else if (out === undefined) await terminal.printAll(textsOf(response)).catch(asUnread);
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

/** Files that a bundle may have: an archive names no other place of this machine. */
const OF_A_BUNDLE = /^(?:\d+\/(?:\d+\.(?:json|tlog-proof)|checkpoint)|keys|README|SHA256SUMS|verify\.(?:py|go))$/;

async function writeBundle(directory: string, response: Response): Promise<void> {
  const write = writeInto(directory);
  try {
    for await (const { path, bytes } of filesOfTar(bytesOf(response))) {
      if (!OF_A_BUNDLE.test(path)) throw new CommandFailure('failed', 'the address sent a file that no bundle has');
      await write(path, bytes);
    }
  } catch (error) {
    throw error instanceof TarBroken ? brokenOff() : error;
  }
}

async function* textsOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const bytes of bytesOf(response)) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

async function* bytesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of body ?? []) yield bytes as Uint8Array;
  } catch {
    throw brokenOff();
  }
}

function brokenOff(): CommandFailure {
  return new CommandFailure(
    'failed',
    'the export broke off before its end, and its approval is used up',
    'Ask for another approval to repeat it.',
  );
}
