import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { LostEntries } from '../../../monitoring/audit/lost-entries.js';
import type { AuditReader } from '../../../monitoring/audit/reader.js';
import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';
import { verifyAnswer, type AnswerVerification } from '../../../monitoring/audit/verify-answer.js';
import { CommandFailure } from '../command-failure.js';
import type { StateChoice } from '../installed-state.js';
import { readKeptAnswer } from './kept-answer.js';
import type { Terminal } from '../terminal.js';
import { asJson } from '../../../monitoring/audit/entry-json.js';
import { withReader } from './with-reader.js';

interface ShowOptions extends StateChoice {
  readonly verify?: string;
  readonly json?: boolean;
}

/** `tereze audit show`: one entry, the entries of a request, or whether a kept answer is the one committed to. */
export function addShow(audit: Command, terminal: Terminal): void {
  audit
    .command('show')
    .description(
      'One entry (LOG/INDEX) or all entries of a request; with --verify, whether a kept answer is the one committed to.',
    )
    .argument('[entry]', 'LOG/INDEX as a receipt names it, or a request id')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--verify <answer>', 'a file with an answer as it came (tereze ask --json), or - for standard input')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit show tereze/0/42\n  npx tereze audit show --verify answer.json\n',
    )
    .action((entry: string | undefined, options: ShowOptions) =>
      withReader(options, terminal, (reader) => show(reader, entry, options, terminal)),
    );
}

async function show(
  reader: AuditReader,
  entry: string | undefined,
  options: ShowOptions,
  terminal: Terminal,
): Promise<void> {
  if (options.verify !== undefined) return verify(reader, options.verify, options, terminal);
  if (entry === undefined)
    throw new CommandFailure('usage', 'name an entry (LOG/INDEX), a request id, or an answer with --verify');
  const found = await find(reader, entry);
  if (found.length === 0) throw new CommandFailure('failed', `there is no entry ${entry}`);
  terminal.print(options.json ? `${JSON.stringify(found.map(asJson))}\n` : found.map(details).join('\n'));
  if (found.some(({ intact }) => !intact)) terminal.fail();
}

async function find(reader: AuditReader, entry: string): Promise<readonly StoredEntry[]> {
  const [, log, index] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
  if (log === undefined || index === undefined) return reader.request(entry);
  const one = await reader.show(log, Number(index));
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

function details({ log, index, leafHash, intact, body }: StoredEntry): string {
  return `${log}/${index}  leaf ${leafHash}  ${intact ? 'bytes hash to the leaf' : 'BYTES DO NOT HASH TO THE LEAF'}\n${stringify(body)}`;
}
