import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { readRemovals } from '../removals/removals.js';
import { areEqual } from '../tree/check-proofs.js';
import { TILE_WIDTH } from '../tree/tiles.js';
import { archivedLeaves } from '../verify/archived-leaves.js';
import { writeTiles, type ArchivedLeaf, type WriteFile } from './write-tiles.js';

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

/** A log that was exported. */
export interface ExportedLog {
  /** The first entry whose bundle was written. Those before it are in an archive only. */
  readonly minimumIndex: number;
}

/**
 * Writes a log as a directory of C2SP tlog-tiles: entries, tiles, and as the last file its checkpoint, so that a directory
 * without one is not complete. Bundles of archived entries are left out; the tiles over them are there, and the root is
 * that over all leaves. Rejects with {@link ExportDiffers}, before the checkpoint is written, if the entries are not those
 * that were signed. Memory does not grow with the log.
 */
export async function exportLog(
  sql: SqlExecutor,
  { logId, checkpoint: { size, root, note } }: LogToExport,
  write: WriteFile,
): Promise<ExportedLog> {
  const below = Math.min(size, (await readRemovals(sql)).archivedBelow(logId));
  const minimumIndex = Math.min(size, Math.ceil(below / TILE_WIDTH) * TILE_WIDTH);
  const written = await writeTiles(readLeaves(sql, { logId, size, below }), write);
  if (written.size !== size || !areEqual(written.root, root)) throw new ExportDiffers(logId);
  await write('checkpoint', Buffer.from(note));
  return { minimumIndex };
}

interface LeavesToRead {
  readonly logId: string;
  readonly size: number;
  /** The first entry that is surely in the database. */
  readonly below: number;
}

/** Reads a log in order: leaf hashes before `below`, bytes from there on. A missing entry rejects. */
async function* readLeaves(
  sql: SqlExecutor,
  { logId, size, below }: LeavesToRead,
): AsyncGenerator<readonly (Buffer | ArchivedLeaf)[]> {
  const leafOf = archivedLeaves(sql, logId, below);
  for (let index = 0; index < below; index += 1) {
    const leaf = await leafOf(index);
    if (leaf === undefined) throw new ExportDiffers(logId);
    yield [{ leaf }];
  }
  for (let from = below; from < size; from += PAGE) {
    const to = Math.min(from + PAGE, size);
    const { rows } = await sql.query<{ readonly entry: Buffer }>(
      'SELECT entry FROM audit_entry WHERE log_id = $1 AND index >= $2 AND index < $3 ORDER BY index',
      [logId, from, to],
    );
    if (rows.length !== to - from) throw new ExportDiffers(logId);
    yield rows.map(({ entry }) => entry);
  }
}
