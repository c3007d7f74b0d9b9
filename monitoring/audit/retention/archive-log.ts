import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { leafHash } from '../canonical.js';
import { ExportDiffers } from '../export/export-log.js';
import { writeTiles, type WriteFile } from '../export/write-tiles.js';
import { areEqual } from '../tree/check-proofs.js';
import { tilePath, TILE_WIDTH } from '../tree/tiles.js';
import type { LogToArchive } from './log-to-archive.js';

/** A directory of an archive. Paths are below it. */
export interface ArchiveFolder {
  /** Resolves when the file is on disk, in place of an older one of its name. */
  readonly write: WriteFile;
  /** Resolves with a file, or with undefined if there is none. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
}

/** Entries that are read at once: a bundle. */
const PAGE = TILE_WIDTH;

/**
 * Writes a log into its directory (C2SP tlog-tiles v0.1.0), up to its checkpoint, which is written last. Entries that are in
 * an archive already are taken from the directory, where they were written. Then reads all of it back. Rejects with
 * `ExportDiffers` if the entries, as written or as read back, are not those that the checkpoint signed.
 */
export async function archiveLog(sql: SqlExecutor, log: LogToArchive, folder: ArchiveFolder): Promise<void> {
  const { logId, checkpoint } = log;
  const isSigned = ({ size, root }: { readonly size: number; readonly root: Uint8Array }): boolean =>
    size === checkpoint.size && areEqual(root, checkpoint.root);
  const written = await writeTiles(entriesOf(sql, log, folder), async (path, bytes) => {
    const before = await folder.read(path);
    if (before === undefined) await folder.write(path, bytes);
    else if (!areEqual(before, bytes)) throw new ExportDiffers(logId);
  });
  if (!isSigned(written)) throw new ExportDiffers(logId);
  await folder.write('checkpoint', Buffer.from(checkpoint.note));
  const readBack = await writeTiles(bundlesOf(folder, log, checkpoint.size), async (path, bytes) => {
    const stored = await folder.read(path);
    if (stored === undefined || !areEqual(stored, bytes)) throw new ExportDiffers(logId);
  });
  const note = await folder.read('checkpoint');
  if (!isSigned(readBack) || note === undefined || Buffer.from(note).toString() !== checkpoint.note)
    throw new ExportDiffers(logId);
}

/** Reads the entries of a log up to its checkpoint: from the archive those that the database may lack, the rest from it. */
async function* entriesOf(
  sql: SqlExecutor,
  log: LogToArchive,
  folder: ArchiveFolder,
): AsyncGenerator<readonly Uint8Array[]> {
  const { logId, from, checkpoint } = log;
  yield* bundlesOf(folder, log, from);
  for (let first = from; first < checkpoint.size; first += PAGE) {
    const to = Math.min(first + PAGE, checkpoint.size);
    const { rows } = await sql.query<{ readonly entry: Buffer; readonly leaf_hash: Buffer }>(
      'SELECT entry, leaf_hash FROM audit_entry WHERE log_id = $1 AND index >= $2 AND index < $3 ORDER BY index',
      [logId, first, to],
    );
    if (rows.length !== to - first || !rows.every((row) => leafHash(row.entry).equals(row.leaf_hash)))
      throw new ExportDiffers(logId);
    yield rows.map(({ entry }) => entry);
  }
}

/** Reads the first `size` entries of a directory, bundle by bundle. */
async function* bundlesOf(
  folder: ArchiveFolder,
  { logId, checkpoint }: LogToArchive,
  size: number,
): AsyncGenerator<readonly Uint8Array[]> {
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const number = first / TILE_WIDTH;
    const wanted = Math.min(TILE_WIDTH, size - first);
    const bundle = await readBundle(folder, number, { wanted, most: Math.min(TILE_WIDTH, checkpoint.size - first) });
    const entries = bundle && entriesIn(bundle);
    if (entries === undefined || entries.length < wanted) throw new ExportDiffers(logId);
    yield entries.slice(0, wanted);
  }
}

/** A bundle has at least the wanted entries: the full one, or one that was the last when it was written. */
async function readBundle(
  folder: ArchiveFolder,
  number: number,
  { wanted, most }: { readonly wanted: number; readonly most: number },
): Promise<Uint8Array | undefined> {
  for (const width of [TILE_WIDTH, ...Array.from({ length: most - wanted + 1 }, (_, more) => wanted + more)]) {
    const bundle = await folder.read(tilePath({ level: 'entries', number, width }));
    if (bundle !== undefined) return bundle;
  }
  return undefined;
}

/** Returns the entries of a bundle, each of which states its length in two bytes; undefined if it is cut short. */
function entriesIn(bundle: Uint8Array): readonly Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length;) {
    const length = ((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0);
    const end = at + 2 + length;
    if (end > bundle.length) return undefined;
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}
