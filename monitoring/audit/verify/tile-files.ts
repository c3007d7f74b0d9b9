import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { areEqual } from '../tree/check-proofs.js';
import { tilePath, TILE_WIDTH } from '../tree/tiles.js';
import { FaultFound, type FaultKind } from './fault.js';
import type { GrownTile } from './growing-tree.js';
import type { EntryWatcher } from './verify-log.js';

/**
 * Returns what compares a directory of tiles (C2SP tlog-tiles v0.1.0) with the entries of a log: each bundle and each
 * tile that the directory has for its first `size` entries. Its checkpoint is a known root, and not compared here.
 */
export function watchTileFiles(directory: string, size: number): EntryWatcher {
  let bundle: Uint8Array[] = [];
  /** An entry of the bundle is in an archive only: then the bundle is compared there. */
  let isArchived = false;
  const check = async (path: string, computed: Uint8Array, kind: FaultKind, index: number): Promise<void> => {
    const stored = await readFile(join(directory, path)).catch(() => undefined);
    if (stored === undefined) throw new FaultFound(kind, index, `${path} cannot be read`);
    if (!areEqual(stored, computed)) throw new FaultFound(kind, index, `${path} is not that of the entries`);
  };
  const checkTile = ({ level, number, width, bytes }: GrownTile): Promise<void> =>
    check(tilePath({ level, number, width }), bytes, 'tile_file', number * TILE_WIDTH ** (level + 1));
  return async ({ index, bytes, filled, tree }) => {
    if (index >= size) return;
    if (bytes === undefined) isArchived = true;
    else bundle.push(lengthOf(bytes), bytes);
    if (filled.length > 0 || index === size - 1) {
      const number = Math.floor(index / TILE_WIDTH);
      const path = tilePath({ level: 'entries', number, width: bundle.length / 2 });
      if (!isArchived) await check(path, Buffer.concat(bundle), 'bundle_file', number * TILE_WIDTH);
      bundle = [];
      isArchived = false;
    }
    for (const tile of filled) await checkTile(tile);
    if (index === size - 1) for (const tile of tree.lastTiles()) await checkTile(tile);
  };
}

/** Returns the length of an entry as a bundle states it: two bytes, big-endian. */
export function lengthOf(entry: Uint8Array): Uint8Array {
  return Uint8Array.of(entry.length >> 8, entry.length & 0xff);
}
