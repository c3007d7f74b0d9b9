import { leafHash } from '../canonical.js';
import { tilePath, TILE_WIDTH } from '../tree/tiles.js';
import { GrowingTree, type GrownTile } from '../verify/growing-tree.js';
import { lengthOf } from '../verify/tile-files.js';

/** Keeps a file of a directory of tiles, below the directory's root. Resolves when the file is complete. */
export type WriteFile = (path: string, bytes: Uint8Array) => Promise<void>;

/** The leaf hash of an entry that is in an archive only. */
export interface ArchivedLeaf {
  readonly leaf: Uint8Array;
}

/** A directory of tiles that was written. */
export interface WrittenTiles {
  readonly size: number;
  /** Root of the tree over the entries that were written. The caller compares it with the checkpoint's. */
  readonly root: Uint8Array;
}

/**
 * Writes the tiles and bundles of the first entries of a log (C2SP tlog-tiles v0.1.0), in one pass: all that a verifier
 * needs but the checkpoint. Entries come in the order of the log, from index 0. A bundle of which an entry is in an archive is
 * left out, its hashes are not. Holds one bundle in memory.
 */
export async function writeTiles(
  pages: AsyncIterable<readonly (Uint8Array | ArchivedLeaf)[]>,
  write: WriteFile,
): Promise<WrittenTiles> {
  const tree = new GrowingTree();
  let bundle: Uint8Array[] = [];
  let isArchived = false;
  const writeTile = ({ bytes, ...tile }: GrownTile): Promise<void> => write(tilePath(tile), bytes);
  const writeBundle = async (): Promise<void> => {
    const width = bundle.length / 2;
    const bytes = Buffer.concat(bundle);
    const isWhole = !isArchived;
    bundle = [];
    isArchived = false;
    if (isWhole)
      await write(tilePath({ level: 'entries', number: Math.ceil(tree.size / TILE_WIDTH) - 1, width }), bytes);
  };
  for await (const entries of pages) {
    for (const entry of entries) {
      const isHere = entry instanceof Uint8Array;
      if (isHere) bundle.push(lengthOf(entry), entry);
      else isArchived = true;
      const filled = tree.add(isHere ? leafHash(entry) : entry.leaf);
      if (filled.length === 0) continue;
      await writeBundle();
      for (const tile of filled) await writeTile(tile);
    }
  }
  if (tree.size % TILE_WIDTH !== 0) await writeBundle();
  for (const tile of tree.lastTiles()) await writeTile(tile);
  return { size: tree.size, root: tree.root() };
}
