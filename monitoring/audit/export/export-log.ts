import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { areEqual } from '../tree/check-proofs.js';
import { writeTiles, type WriteFile } from './write-tiles.js';

/** A log as it was when a checkpoint was signed. */
export interface LogToExport {
  /** Name in the database. */
  readonly logId: string;
  readonly checkpoint: { readonly size: number; readonly root: Uint8Array; readonly note: string };
}

/** The stored entries are not those that the checkpoint signed. */
export class ExportDiffers extends Error {
  readonly log: string;
  constructor(log: string) {
    super(`the entries of ${log} are not those of its checkpoint`);
    this.name = 'ExportDiffers';
    this.log = log;
  }
}

/** Entries that are read at once. */
const PAGE = 500;

/**
 * Writes a log as a directory of C2SP tlog-tiles: entries, tiles, and as the last file its checkpoint, so that a directory
 * without one is not complete. Rejects with {@link ExportDiffers}, before the checkpoint is written, if the entries are
 * not those that were signed. Memory does not grow with the log.
 */
export async function exportLog(
  sql: SqlExecutor,
  { logId, checkpoint: { size, root, note } }: LogToExport,
  write: WriteFile,
): Promise<void> {
  const written = await writeTiles(readEntries(sql, logId, size), write);
  if (written.size !== size || !areEqual(written.root, root)) throw new ExportDiffers(logId);
  await write('checkpoint', Buffer.from(note));
}

/** Reads the bytes of the first entries of a log, in order. A missing one ends the pages. */
async function* readEntries(sql: SqlExecutor, logId: string, size: number): AsyncGenerator<readonly Buffer[]> {
  for (let from = 0; from < size; from += PAGE) {
    const to = Math.min(from + PAGE, size);
    const { rows } = await sql.query<{ readonly entry: Buffer }>(
      'SELECT entry FROM audit_entry WHERE log_id = $1 AND index >= $2 AND index < $3 ORDER BY index',
      [logId, from, to],
    );
    if (rows.length !== to - from) throw new ExportDiffers(logId);
    yield rows.map(({ entry }) => entry);
  }
}
