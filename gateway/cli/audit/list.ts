import type { Command } from 'commander';
import type { AuditReader, EntryFilter } from '../../../monitoring/audit/reader.js';
import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';
import { CommandFailure } from '../command-failure.js';
import type { StateChoice } from '../installed-state.js';
import { subjectTokens } from '../subject-token.js';
import type { Terminal } from '../terminal.js';
import { asJson } from './entry-json.js';
import { withReader } from './with-reader.js';

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

/** `tereze audit list`: entries, newest first. */
export function addList(audit: Command, terminal: Terminal): void {
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
}

async function list(reader: AuditReader, options: ListOptions, terminal: Terminal): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new CommandFailure('usage', '--limit takes a number from 1 to 10000');
  const { kind, agency, purpose, case: matter, request: requestId, operation, code, person } = options;
  const tokens = person === undefined ? undefined : await subjectTokens(person, options, terminal);
  const filter: EntryFilter = {
    limit,
    kind,
    agency,
    purpose,
    case: matter,
    requestId,
    operation,
    code,
    subjectTokens: tokens,
  };
  const entries = await reader.list(filter);
  if (options.json) terminal.print(entries.map((entry) => `${JSON.stringify(asJson(entry))}\n`).join(''));
  else terminal.print(entries.length === 0 ? 'No entries.\n' : `${entries.map(line).join('\n')}\n`);
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
