import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readSource } from '../../../adapters/source-file.js';
import type { EntrySearchFilters } from '../../../monitoring/audit/entries.js';
import { checkSearch, SearchRefused } from '../../../monitoring/audit/search/filter.js';
import { recordRead } from '../../../monitoring/audit/search/record-read.js';
import { NoCallColumn } from '../../../monitoring/reconciliation/csv-lines.js';
import { CallSpill } from '../../../monitoring/reconciliation/call-spill.js';
import type { XroadParties } from '../../../monitoring/reconciliation/opmon-records.js';
import { readRegisterLog, type RegisterLogFormat } from '../../../monitoring/reconciliation/read-register-log.js';
import { NoTimes, Reconciliation } from '../../../monitoring/reconciliation/reconciliation.js';
import type { Finding } from '../../../monitoring/reconciliation/findings.js';
import { codeOf } from '../../../schemas/error-code.js';
import { readConfig } from '../../config/read-config.js';
import type { Config } from '../../config/schema.js';
import { CommandFailure } from '../command-failure.js';
import { configFile, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { checkAbsent, writeNewFile } from './new-file.js';
import {
  findingAsCsv,
  findingAsJson,
  FINDING_HEAD,
  MOST_DIFFERENCES,
  ReconcileReport,
  TooManyDifferences,
} from './reconcile-report.js';
import { readingOf, checkAmong, searchFilters, searchGrounds } from './search-options.js';
import { operator, withLog } from './with-log.js';

interface ReconcileOptions extends StateChoice {
  readonly format: string;
  readonly since?: string;
  readonly until?: string;
  readonly tolerance: string;
  readonly reason: string;
  readonly forCase?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const FORMATS: Readonly<Record<RegisterLogFormat, string>> = {
  'xroad-opmon': 'records of X-Road’s operational monitoring, as JSON or a record a line',
  jsonl: 'a JSON object a line, with callId, and requestInTs and responseOutTs if the log has them',
  csv: 'a table with these columns',
};

/** `tereze audit reconcile`: whether a register's own log and the audit log name the same calls. The reading is an entry itself. */
export function addReconcile(audit: Command, terminal: Terminal): void {
  audit
    .command('reconcile')
    .description('Compare the log of a register with the audit log, call by call. The reading is recorded before.')
    .argument('<register>', 'the register')
    .argument('<file>', 'its log, also as gzip')
    .requiredOption(
      '--format <format>',
      Object.entries(FORMATS)
        .map(([name, help]) => `${name}: ${help}`)
        .join('; '),
    )
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option(
      '--since <time>',
      'compare from this time on: a day, or a time with its zone. Default: the first call of the file',
    )
    .option('--until <time>', 'compare before this time; a day is included. Default: the last call of the file')
    .option('--tolerance <seconds>', 'how far the clocks may differ', '2')
    .requiredOption('--reason <text>', 'why you compare them, 10 to 500 characters; the log keeps it')
    .option('--for-case <case>', 'the case for which you compare them, AGENCY/NUMBER')
    .option('--out <file>', 'write every difference to this file, that is not there yet (CSV, mode 0600)')
    .option('--json', 'print every difference as a line of JSON, and how much was compared as the last one')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit reconcile tax november.jsonl --format jsonl --since 2026-11-01 --until 2026-11-30 --reason "monthly comparison with the tax register"\n',
    )
    .action((register: string, file: string, options: ReconcileOptions) =>
      reconcile({ register, file, ...options }, terminal),
    );
}

type Asked = ReconcileOptions & { readonly register: string; readonly file: string };

async function reconcile(options: Asked, terminal: Terminal): Promise<void> {
  const { register, file, out } = options;
  const format = formatOf(options.format);
  const toleranceMs = toleranceOf(options.tolerance);
  const grounds = searchGrounds(options, []);
  const config = await readConfig(configFile(options), terminal.environment);
  checkAmong('the register', register, Object.keys(config.registers));
  const filters = searchFilters(given({ register, since: options.since, until: options.until }), readingOf(config));
  checkRange(filters);
  const parties = format === 'xroad-opmon' ? partiesOf(register, config) : undefined;
  await checkReadable(file);
  if (out !== undefined) await checkAbsent(out);
  await withLog(config, async (opened) => {
    const spill = await CallSpill.open();
    try {
      const reconciliation = new Reconciliation({
        ...{ sql: opened.sql, clock: opened.clock, register, toleranceMs, spill },
        range: {
          ...(filters.since === undefined ? {} : { since: Date.parse(filters.since) }),
          ...(filters.until === undefined ? {} : { until: Date.parse(filters.until) }),
        },
      });
      const report = new ReconcileReport({ reconciliation, register, file });
      const request = {
        act: 'audit_reconciled',
        caller: operator(),
        filters,
        ...grounds,
        limit: MOST_DIFFERENCES,
      } as const;
      await recordRead(opened, request, async () => {
        const lines = readRegisterLog(createReadStream(file), { format, parties });
        await write(report.take(lines), options, terminal).catch((error: unknown) => explain(error, file));
        return { result: undefined, rows: report.differences };
      });
      terminal.print(options.json === true ? report.asJson() : report.asText());
      if (report.differences > 0) terminal.fail();
    } finally {
      await spill.close();
    }
  });
}

/** Writes what differs as it is found; without a file or JSON, the report keeps what it shows. */
async function write(findings: AsyncIterable<Finding>, { out, json }: Asked, terminal: Terminal): Promise<void> {
  if (out !== undefined) await writeNewFile(out, texts(findings, findingAsCsv, FINDING_HEAD));
  else if (json === true) await terminal.printAll(texts(findings, findingAsJson)).catch(asUnread);
  else await readToEnd(findings);
}

async function readToEnd(findings: AsyncIterable<Finding>): Promise<void> {
  const iterator = findings[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

async function* texts(
  findings: AsyncIterable<Finding>,
  textOf: (finding: Finding) => string,
  head?: string,
): AsyncGenerator<string> {
  if (head !== undefined) yield head;
  for await (const finding of findings) yield textOf(finding);
}

function asUnread(error: unknown): never {
  if (codeOf(error) !== 'EPIPE') throw error;
  throw new CommandFailure('failed', 'standard output was closed before the end of the comparison');
}

function explain(error: unknown, file: string): never {
  if (error instanceof NoCallColumn)
    throw new CommandFailure('usage', `${file}:1: the first line of the table names no column callId`);
  if (error instanceof NoTimes)
    throw new CommandFailure('usage', `no call in ${file} has a time: say --since and --until`);
  if (error instanceof TooManyDifferences)
    throw new CommandFailure(
      'failed',
      `more than ${MOST_DIFFERENCES} differences`,
      'Is this the log of that register? Take a shorter time.',
    );
  const code = codeOf(error);
  if (code !== undefined && /^(?:Z_|E[A-Z]+$)/.test(code))
    throw new CommandFailure('failed', `${file} cannot be read to its end: ${code}`);
  throw error;
}

/** Returns who asks a register behind X-Road, and who answers. Throws `CommandFailure` for any other. */
function partiesOf(register: string, { registers, supergraph }: Config): XroadParties {
  const settings = registers[register];
  const source = readSource(join(supergraph.directory, register, 'source.yaml'));
  const service = 'service' in source ? source.service : undefined;
  const client = settings !== undefined && 'client' in settings ? settings.client : undefined;
  if (client === undefined || service === undefined)
    throw new CommandFailure('usage', `--format xroad-opmon is for registers behind X-Road, and ${register} is not`);
  const { instance, member_class: memberClass, member_code: memberCode, subsystem } = service;
  return {
    client: client.split('/'),
    provider: [instance, memberClass, memberCode, ...(subsystem === undefined ? [] : [subsystem])],
  };
}

function formatOf(text: string): RegisterLogFormat {
  checkAmong('--format', text, Object.keys(FORMATS));
  return text as RegisterLogFormat;
}

function toleranceOf(text: string): number {
  if (!/^\d{1,5}(?:\.\d{1,3})?$/.test(text))
    throw new CommandFailure('usage', '--tolerance takes seconds, such as 2 or 0.5');
  return Math.round(Number(text) * 1_000);
}

function checkRange(filters: EntrySearchFilters): void {
  try {
    checkSearch(filters, 1);
  } catch (error) {
    if (error instanceof SearchRefused) throw new CommandFailure('usage', error.message);
    throw error;
  }
}

async function checkReadable(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    throw new CommandFailure('usage', `${file} cannot be read: ${codeOf(error) ?? 'unknown'}`);
  });
  if (found.isDirectory()) throw new CommandFailure('usage', `${file} is a directory`);
}

function given(options: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(options).filter((one): one is [string, string] => one[1] !== undefined));
}
