import { HASH_BYTES, nodeHash } from './hashes.js';
import type { NodeReader, TreeNode } from './proofs.js';
import { TILE_HEIGHT, TILE_WIDTH } from './tiles.js';

/** Resolves with the hashes of a tile, one after the other: at least the first `width`. Rejects if it has fewer. */
export type TileReader = (tile: {
  readonly level: number;
  readonly number: number;
  readonly width: number;
}) => Promise<Uint8Array>;

/** Returns a reader of nodes that takes their hashes from tiles. Reads each tile once for all nodes that it is asked for. */
export function nodesFromTiles(readTile: TileReader): NodeReader {
  return async (nodes) => {
    const wanted = new Map<string, { level: number; number: number; width: number }>();
    for (const node of nodes) {
      const { level, number, first, count } = placeOf(node);
      const known = wanted.get(`${level}/${number}`);
      wanted.set(`${level}/${number}`, { level, number, width: Math.max(known?.width ?? 0, first + count) });
    }
    const tiles = new Map(
      await Promise.all([...wanted].map(async ([key, tile]) => [key, await readTile(tile)] as const)),
    );
    return nodes.map((node) => {
      const { level, number, first, count } = placeOf(node);
      const bytes = tiles.get(`${level}/${number}`)?.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES);
      if (bytes?.length !== count * HASH_BYTES) throw new RangeError('a tile with fewer hashes than were asked for');
      return subtreeRoot(hashesIn(bytes));
    });
  };
}

/** Where the hashes below a node stand: `count` of a tile, from `first` on. */
function placeOf({ level, index }: TreeNode): {
  readonly level: number;
  readonly number: number;
  readonly first: number;
  readonly count: number;
} {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 2 ** (level % TILE_HEIGHT);
  const position = index * count;
  return {
    level: tileLevel,
    number: Math.floor(position / TILE_WIDTH),
    first: position % TILE_WIDTH,
    count,
  };
}

/** Returns the hashes of which these bytes consist. */
export function hashesIn(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

/** Returns the hash above a power of two of hashes: of a full tile, the hash that stands for it one level above. */
export function subtreeRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at], level[at + 1]];
      if (left === undefined || right === undefined) throw new RangeError('not a power of two of hashes');
      above.push(nodeHash(left, right));
    }
    level = above;
  }
  const [root] = level;
  if (root === undefined) throw new RangeError('no hash');
  return root;
}
