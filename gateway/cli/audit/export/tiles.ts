import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProofOfNothing, writeProofs } from '../../../../monitoring/anchors/write-proofs.js';
import { ExportDiffers, exportLog, type ExportedLog } from '../../../../monitoring/audit/export/export-log.js';
import { numberOfLog } from '../../../../monitoring/audit/log-name.js';
import { codeOf } from '../../../../schemas/error-code.js';
import { NotExportable, signedLogs } from '../../../exports/signed-logs.js';
import { CommandFailure } from '../../command-failure.js';
import type { Exported, ExportRequested, PreparedExport } from './format.js';

/**
 * Looks which logs there are, for a directory of C2SP tlog-tiles for each: all entries that its newest checkpoint signed.
 * Rejects with `CommandFailure` if a log that has entries has no checkpoint, or if there is something in its directory.
 */
export async function prepareTiles({
  opened: { sql, clock },
  options: { out },
}: ExportRequested): Promise<PreparedExport> {
  if (out === undefined)
    throw new CommandFailure('usage', '--format tiles needs --out, where the directories are made');
  const logs = await signedLogs(sql, () => clock.monotonic()).catch(asCommandFailure);
  if (logs.length === 0) throw new CommandFailure('failed', 'there is nothing to export: no log has entries');
  const exports = logs.map((log) => ({ log, directory: join(out, String(numberOfLog(log.logId))) }));
  for (const { directory } of exports) await checkEmpty(directory);
  const entries = logs.reduce((sum, { checkpoint }) => sum + checkpoint.size, 0);
  return {
    limit: entries,
    filters: {},
    write: async (): Promise<Exported> => {
      const written: WrittenLog[] = [];
      for (const { log, directory } of exports) {
        const { logId, checkpoint } = log;
        // Before the log itself: the checkpoint is the last file, and says that the directory is complete.
        await writeProofs(sql, { logId, size: checkpoint.size }, writeInto(directory)).catch(asCommandFailure);
        const exported = await exportLog(sql, log, writeInto(directory)).catch(asCommandFailure);
        written.push({ log: logId, size: checkpoint.size, directory, ...exported });
      }
      const exported = written.reduce((sum, { size, minimumIndex }) => sum + size - minimumIndex, 0);
      return { entries: exported, text: written.map(describe).join(''), json: { logs: written } };
    },
  };
}

interface WrittenLog extends ExportedLog {
  readonly log: string;
  readonly size: number;
  readonly directory: string;
}

function describe({ log, size, directory, minimumIndex }: WrittenLog): string {
  const archived =
    minimumIndex === 0
      ? ''
      : `. Entries before ${minimumIndex} are in the archive only: with ${join('tile', 'entries')} of its directory, this one verifies`;
  return `${directory}: ${size - minimumIndex} entries of ${log}, with the checkpoint that signs them${archived}\n`;
}

/** Rejects with `CommandFailure` if there is something in a directory: one of two exports would be of neither. */
export async function checkEmpty(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new CommandFailure('usage', `${directory} cannot be used: ${error.code ?? 'unknown'}`);
  });
  if (names.length > 0) throw new CommandFailure('usage', `there is something in ${directory}: name another directory`);
}

/** Returns what writes new files below a directory. Only the account that exports can read them. */
export function writeInto(directory: string): (path: string, bytes: Uint8Array) => Promise<void> {
  return async (path, bytes) => {
    const file = join(directory, path);
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, bytes, { mode: 0o600, flag: 'wx', flush: true });
    } catch (error) {
      const code = codeOf(error) ?? 'unknown';
      throw new CommandFailure('failed', `${file} cannot be written: ${code}`);
    }
  };
}

/** Rethrows what the stored entries or proofs showed, as commands report it. */
export function asCommandFailure(error: unknown): never {
  if (error instanceof NotExportable) throw new CommandFailure('failed', error.message, error.hint);
  if (error instanceof ExportDiffers || error instanceof ProofOfNothing)
    throw new CommandFailure('failed', error.message, '`tereze audit verify` names what was changed.');
  throw error;
}
