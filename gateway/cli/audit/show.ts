import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { LostEntries } from '../../../monitoring/audit/lost-entries.js';
import { sentenceOf } from '../../../monitoring/audit/catalogue/sentence-of.js';
import { createAuditReader, type AuditReader } from '../../../monitoring/audit/reader.js';
import { recordRead, type ReadRequest } from '../../../monitoring/audit/search/record-read.js';
import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';
import { verifyAnswer, type AnswerVerification } from '../../../monitoring/audit/answer/verify-answer.js';
import { CommandFailure } from '../command-failure.js';
import { readKeptAnswer } from './kept-answer.js';
import type { Terminal } from '../terminal.js';
import { asJson, type EntryJson } from '../../../monitoring/audit/entry-json.js';
import { askedPlace, type PlaceChoice } from '../officer/asked-place.js';
import type { OfficersApi } from '../officer/officers-api.js';
import { entryOf } from '../officer/shown-entries.js';
import { textFault } from '../../../schemas/caller-texts/text-fault.js';
import { changesOf } from '../../exports/entry-facts.js';
import { notWritten, searchGrounds, type SearchOptions } from './search-options.js';
import { operator, withLog } from './with-log.js';
import { withReader } from './with-reader.js';

interface ShowOptions extends PlaceChoice, Pick<SearchOptions, 'reason' | 'forCase'> {
  readonly verify?: string;
  readonly json?: boolean;
}

/**
 * `tereze audit show`: one entry, the entries of a request, or whether a kept answer is the one committed to. Looking at
 * entries is an entry itself. What is verified is the answer that its reader has, and nothing of the log is shown.
 */
export function addShow(audit: Command, terminal: Terminal): void {
  audit
    .command('show')
    .description(
      'One entry (LOG/INDEX) or all entries of a request, which is recorded before they are shown; with --verify, whether a kept answer is the one committed to.',
    )
    .argument('[entry]', 'LOG/INDEX as a receipt names it, or a request id')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--at <address>', 'where officers are served: ask there, as the officer who signed in (tereze login)')
    .option('--verify <answer>', 'a file with an answer as it came (tereze ask --json), or - for standard input')
    .option('--reason <text>', 'why you look, 10 to 500 characters; the log keeps it')
    .option('--for-case <agency/number>', 'the case in which you look')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit show tereze/0/42\n  npx tereze audit show --verify answer.json\n',
    )
    .action((entry: string | undefined, options: ShowOptions) => {
      const { verify: answer } = options;
      if (answer !== undefined)
        return withReader(options, terminal, (reader) => verify(reader, answer, options, terminal));
      return show(entry, options, terminal);
    });
}

async function show(entry: string | undefined, options: ShowOptions, terminal: Terminal): Promise<void> {
  if (entry === undefined)
    throw new CommandFailure('usage', 'name an entry (LOG/INDEX), a request id, or an answer with --verify');
  const named = namedBy(entry);
  const grounds = searchGrounds(options, []);
  const place = await askedPlace(options, terminal);
  if (place.kind === 'officers') {
    print(await findAtOfficers(place.api, named), entry, options, terminal);
    return;
  }
  const { config } = place;
  await withLog(config, async ({ sql, log, clock, random }) => {
    const reader = createAuditReader(sql, config.audit.origin);
    const isEntry = named.index !== undefined;
    const request: ReadRequest = {
      ...{
        act: isEntry ? 'audit_entry_read' : 'audit_request_read',
        caller: operator(),
        ...grounds,
        limit: MOST_ENTRIES,
      },
      ...(isEntry ? { entry } : { filters: { request: entry } }),
    };
    const found = await recordRead({ log, clock, random }, request, async () => {
      const result = await find(reader, named);
      return { result, rows: result.length };
    });
    print(found, entry, options, terminal);
  });
}

function print(found: readonly StoredEntry[], entry: string, { json }: ShowOptions, terminal: Terminal): void {
  if (found.length === 0) throw new CommandFailure('failed', `there is no entry ${entry}`);
  terminal.print(json ? `${JSON.stringify(found.map(asJson))}\n` : found.map(details).join('\n'));
  if (found.some(({ intact }) => !intact)) terminal.fail();
}

async function findAtOfficers(api: OfficersApi, named: Named): Promise<readonly StoredEntry[]> {
  if (named.index === undefined) {
    const path = `/audit/v1/requests/${encodeURIComponent(named.request)}`;
    const { entries } = ((await api.find(path)) ?? { entries: [] }) as { readonly entries: readonly EntryJson[] };
    return entries.map(entryOf);
  }
  const number = /\/(\d{1,6})$/.exec(named.log)?.[1];
  if (number === undefined) return [];
  const one = (await api.find(`/audit/v1/entries/${number}/${named.index}`)) as EntryJson | undefined;
  return one === undefined ? [] : [entryOf(one)];
}

/** More than a request has. */
const MOST_ENTRIES = 100;

type Named = { readonly log: string; readonly index: number } | { readonly request: string; readonly index?: never };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Neither the name of a log nor the id of a request holds the number of a person: it would stand in the log. */
function namedBy(entry: string): Named {
  const fault = UUID.test(entry) ? undefined : textFault(entry);
  if (fault !== undefined) throw notWritten('the entry', fault);
  const [, log, index] = /^(.+)\/(\d{1,15})$/.exec(entry) ?? [];
  return log === undefined || index === undefined ? { request: entry } : { log, index: Number(index) };
}

async function find(reader: AuditReader, named: Named): Promise<readonly StoredEntry[]> {
  if (named.index === undefined) return reader.request(named.request);
  const one = await reader.show(named.log, named.index);
  return one === undefined ? [] : [one];
}

async function verify(reader: AuditReader, source: string, { json }: ShowOptions, terminal: Terminal): Promise<void> {
  const result = await verifyAnswer(reader, await readKeptAnswer(source, terminal));
  terminal.print(json ? `${JSON.stringify(result)}\n` : describeVerification(result));
  if (!result.verified) terminal.fail();
}

function describeVerification({ verified, checks, lost }: AnswerVerification): string {
  const lines = checks.map(({ check, holds }) => `  ${holds ? 'yes' : 'NO '}  ${check}`);
  if (lost !== undefined) return ['Lost, which is not forged:', ...lines, describeLost(lost), ''].join('\n');
  return [verified ? 'Verified:' : 'Not verified:', ...lines, ''].join('\n');
}

function describeLost({ log, size, headSize, entry }: LostEntries): string {
  return `  Entries ${size} to ${headSize - 1} of ${log} were lost when the database went back in time: entry ${entry.log}/${entry.index} says so.`;
}

function details(entry: StoredEntry): string {
  const { log, index, leafHash, intact, body } = entry;
  const lines = [
    `${log}/${index}  leaf ${leafHash}  ${intact ? 'bytes hash to the leaf' : 'BYTES DO NOT HASH TO THE LEAF'}`,
    sentenceOf(body, 'en'),
    ...changesOf(entry).map((text) => `CHANGED: ${text}`),
    stringify(body),
  ];
  return lines.join('\n');
}
