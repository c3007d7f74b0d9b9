import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ProofOfNothing, writeProofs } from '../../../monitoring/anchors/write-proofs.js';
import { KeyFailure } from '../../../monitoring/audit/checkpoints/keys.js';
import { ExportDiffers } from '../../../monitoring/audit/export/export-log.js';
import { numberOfLog, publicLogName } from '../../../monitoring/audit/log-name.js';
import { isMonth } from '../../../monitoring/audit/partitions/months.js';
import { archiveLog, type ArchiveFolder } from '../../../monitoring/audit/retention/archive-log.js';
import { archiveMonths, type Archived } from '../../../monitoring/audit/retention/archive.js';
import { ArchiveRefused, type LogToArchive } from '../../../monitoring/audit/retention/log-to-archive.js';
import { codeOf } from '../../../schemas/error-code.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { readConfig } from '../../config/read-config.js';
import type { Config } from '../../config/schema.js';
import { syncFolder, writeDurably } from '../../state/durable-file.js';
import { CommandFailure } from '../command-failure.js';
import { configFile, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { readVerifierKeys } from './key.js';
import { verifyFromOutside } from './outside-verifiers.js';
import { checkReason } from './search-options.js';
import { operator } from './with-log.js';
import { withOwnedLog } from './with-owned-log.js';

interface ArchiveOptions extends StateChoice {
  readonly month?: string;
  readonly out?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `tereze audit archive`: entries of years ago, as a directory that anyone can verify. */
export function addArchive(audit: Command, terminal: Terminal): void {
  audit
    .command('archive')
    .description(
      'As the owner (DATABASE_ADMIN_URL): write entries of a month, and of all before it, into an archive, have it verified from outside, and remove them from the database.',
    )
    .option('--month <month>', 'the latest month (UTC), 2021-03; `audit.retention_months` have passed since')
    .option('--out <dir>', 'the archive: the same directory each time; DIR/0 for log 0')
    .option('--reason <text>', 'why you archive, 10 to 500 characters; the log keeps it')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print what was archived as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit archive --month 2021-03 --out /mnt/archive --reason "yearly archive"\n',
    )
    .action((options: ArchiveOptions) => archive(options, terminal));
}

async function archive({ month, out, reason, json, ...choice }: ArchiveOptions, terminal: Terminal): Promise<void> {
  if (month === undefined || !isMonth(month)) throw new CommandFailure('usage', '--month takes a month: 2021-03');
  if (out === undefined) throw new CommandFailure('usage', '--out names the directory of the archive');
  if (reason === undefined) throw new CommandFailure('usage', 'an archive needs --reason; the log keeps it');
  checkReason(reason);
  const config = await readConfig(configFile(choice), terminal.environment);
  await withOwnedLog(config, async (opened) => {
    const request = {
      ...{ caller: operator(), reason: reason.trim(), month },
      retentionMonths: config.audit.retention_months,
    };
    const keep = (log: LogToArchive): Promise<void> => keepLog(opened.owner, log, { config, out });
    const archived = await archiveMonths({ ...opened, keep }, request).catch(asCommandFailure);
    terminal.print(json === true ? `${JSON.stringify(archived)}\n` : describe(archived, out));
  });
}

/** Writes a log with its keys and anchors, reads it back, and has it verified from outside. */
async function keepLog(
  owner: Sql,
  log: LogToArchive,
  { config, out }: { readonly config: Config; readonly out: string },
): Promise<void> {
  const directory = resolve(out, String(numberOfLog(log.logId)));
  const folder = folderAt(directory);
  const keys = await verifierKeys(config, log.logId);
  await folder.write('keys', Buffer.from(keys.map((key) => `${key}\n`).join('')));
  await writeProofs(owner, { logId: log.logId, size: log.checkpoint.size }, folder.write);
  await archiveLog(owner, log, folder);
  verifyFromOutside(directory, keys);
}

/** The keys of the file, former ones included: a checkpoint of years ago is one that a former key signed. */
async function verifierKeys({ audit }: Config, logId: string): Promise<readonly string[]> {
  const { key_file: keyFile, origin } = audit;
  if (keyFile === undefined)
    throw new CommandFailure('failed', 'an archive needs signed checkpoints: the configuration has no audit.key_file');
  return readVerifierKeys(keyFile, publicLogName(logId, origin));
}

/** Files that are on disk when they were written, readable for this account only. */
function folderAt(directory: string): ArchiveFolder {
  return {
    write: async (path, bytes) => {
      const file = join(directory, path);
      try {
        makeFolder(dirname(file));
        writeDurably(file, bytes);
      } catch (error) {
        throw new CommandFailure('failed', `${file} cannot be written: ${codeOf(error) ?? 'unknown'}`);
      }
    },
    read: async (path) => {
      const file = join(directory, path);
      try {
        return readFileSync(file);
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw new CommandFailure('failed', `${file} cannot be read: ${codeOf(error) ?? 'unknown'}`);
      }
    },
  };
}

/** Makes a folder and those above it, so that each is on disk. */
function makeFolder(folder: string): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  for (let at = folder; at !== dirname(made); at = dirname(at)) syncFolder(dirname(at));
}

function asCommandFailure(error: unknown): never {
  if (error instanceof ArchiveRefused || error instanceof KeyFailure)
    throw new CommandFailure('failed', `${error.message}; nothing was removed`);
  if (error instanceof ExportDiffers || error instanceof ProofOfNothing)
    throw new CommandFailure(
      'failed',
      `${error.message}; nothing was removed`,
      '`tereze audit verify` names what was changed in the database. The archive must be the directory of the earlier months.',
    );
  throw error;
}

function describe({ logs }: Archived, out: string): string {
  if (logs.length === 0) return 'There is nothing to archive.\n';
  return logs
    .map(
      ({ log, below, count }) =>
        `${log}: ${count} entries are in ${join(out, String(numberOfLog(log)))} only. The first that is surely in the database: ${below}.\n`,
    )
    .join('');
}
