import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createAuditReader, type AuditReader, type EntryFilter } from '../../monitoring/audit/reader.js';
import type { StoredEntry } from '../../monitoring/audit/stored-entry.js';
import type { LostEntries } from '../../monitoring/audit/lost-entries.js';
import { verifyAnswer, type AnswerVerification } from '../../monitoring/audit/verify-answer.js';
import { CommandFailure } from './command-failure.js';
import { subjectToken } from './subject-token.js';
import { withState, type StateChoice } from './installed-state.js';
import { stringify } from 'yaml';
import type { Terminal } from './terminal.js';

interface ListOptions extends StateChoice {
  readonly limit: string;
  readonly kind?: string;
  readonly agency?: string;
  readonly purpose?: string;
  readonly case?: string;
  readonly request?: string;
  readonly operation?: string;
  readonly code?: string;
  readonly person?: string;
  readonly json?: boolean;
}

interface ShowOptions extends StateChoice {
  readonly verify?: string;
  readonly json?: boolean;
}

/** `tereze audit`: what happened. */
export function addAudit(program: Command, terminal: Terminal): void {
  const audit = program.command('audit');
  audit
    .command('list')
    .description('Entries, newest first.')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--limit <number>', 'entries at most', '20')
    .option('--kind <kind>', 'intent, completion, refusal, refusals, act or state')
    .option('--agency <agency>', 'the caller’s agency')
    .option('--purpose <purpose>', 'the purpose')
    .option('--case <number>', 'the case')
    .option('--request <id>', 'the request')
    .option('--operation <name>', 'the operation')
    .option('--code <code>', 'the code of a refusal')
    .option(
      '--person <file>',
      'a file with the number of a person, or - for standard input: what was asked, refused and answered about them',
    )
    .option('--json', 'print entries as JSON lines')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit list --agency housing --kind completion\n  npx tereze audit list --person - --kind refusal\n',
    )
    .action((options: ListOptions) => withReader(options, terminal, (reader) => list(reader, options, terminal)));
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

async function withReader(
  choice: StateChoice,
  terminal: Terminal,
  use: (reader: AuditReader) => Promise<void>,
): Promise<void> {
  await withState(choice, terminal, ({ sql }) => use(createAuditReader(sql)));
}

async function list(reader: AuditReader, options: ListOptions, terminal: Terminal): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new CommandFailure('usage', '--limit takes a number from 1 to 10000');
  const { kind, agency, purpose, case: matter, request: requestId, operation, code, person } = options;
  const token = person === undefined ? undefined : await subjectToken(person, options, terminal);
  const filter: EntryFilter = {
    limit,
    kind,
    agency,
    purpose,
    case: matter,
    requestId,
    operation,
    code,
    subjectToken: token,
  };
  const entries = await reader.list(filter);
  if (options.json) terminal.print(entries.map((entry) => `${JSON.stringify(asJson(entry))}\n`).join(''));
  else terminal.print(entries.length === 0 ? 'No entries.\n' : `${entries.map(line).join('\n')}\n`);
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
  const result = await verifyAnswer(
    reader,
    parse(source === '-' ? await terminal.readInput() : await readAnswer(source)),
  );
  terminal.print(json ? `${JSON.stringify(result)}\n` : describeVerification(result));
  if (!result.verified) terminal.fail();
}

async function readAnswer(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandFailure('usage', `cannot read ${file}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailure('usage', 'the kept answer is not JSON; keep it with `tereze ask ... --json`');
  }
}

function describeVerification({ verified, checks, lost }: AnswerVerification): string {
  const lines = checks.map(({ check, holds }) => `  ${holds ? 'yes' : 'NO '}  ${check}`);
  if (lost !== undefined) return ['Lost, which is not forged:', ...lines, describeLost(lost), ''].join('\n');
  return [verified ? 'Verified:' : 'Not verified:', ...lines, ''].join('\n');
}

function describeLost({ log, size, headSize, entry }: LostEntries): string {
  return `  Entries ${size} to ${headSize - 1} of ${log} were lost when the database went back in time: entry ${entry.log}/${entry.index} says so.`;
}

function line({ log, index, body, intact }: StoredEntry): string {
  const who =
    'caller' in body
      ? `${body.caller.agency ?? body.caller.kind}/${body.caller.system}`
      : 'source' in body
        ? body.source
        : '';
  const what =
    'purpose' in body
      ? `${body.purpose ?? ''} ${body.case?.number ?? ''} ${body.operationName ?? body.documentName ?? ''}`.trim()
      : '';
  return [body.at, `${log}/${index}`.padEnd(14), headline(body).padEnd(28), who, what, intact ? '' : 'CHANGED']
    .join('  ')
    .trimEnd();
}

function headline(body: StoredEntry['body']): string {
  switch (body.kind) {
    case 'completion':
      return `completion ${body.outcome}`;
    case 'refusal':
      return `refusal ${body.code}`;
    case 'refusals':
      return `refusals ${body.code} x${body.count}`;
    case 'act':
      return `act ${body.act}`;
    default:
      return body.kind;
  }
}

function details({ log, index, leafHash, intact, body }: StoredEntry): string {
  return `${log}/${index}  leaf ${leafHash}  ${intact ? 'bytes hash to the leaf' : 'BYTES DO NOT HASH TO THE LEAF'}\n${stringify(body)}`;
}

function asJson({ log, index, leafHash, intact, body }: StoredEntry): object {
  return { log, index, leafHash, intact, entry: body };
}
