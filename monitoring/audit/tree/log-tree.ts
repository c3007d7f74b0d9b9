import { addLeaf, frontierLength, rootOf, type Frontier } from './frontier.js';
import { subtreeRoot } from './tile-nodes.js';
import { hashesAtLevel, TILE_HEIGHT, TILE_WIDTH } from './tiles.js';

/** The tree of a log as far as it is needed to grow: its frontier, and what its tiles that are not full hold. */
export interface LogTree extends Frontier {
  /** By level, the hashes of the last tile; none if it is full. The last level may have none at all. */
  readonly edge: readonly (readonly Uint8Array[])[];
}

export const EMPTY_TREE: LogTree = { size: 0, hashes: [], edge: [] };

/** A tile of 256 hashes, and the hash above them. */
export interface FullTile {
  readonly level: number;
  readonly number: number;
  readonly hashes: Uint8Array;
  readonly root: Uint8Array;
}

export interface Growth {
  readonly tree: LogTree;
  /** The tiles that became full, in the order in which they did. */
  readonly tiles: readonly FullTile[];
}

/** Returns the tree after these leaf hashes were appended. `tree` stays as it is. */
export function growTree(tree: LogTree, leaves: readonly Uint8Array[]): Growth {
  const hashes = [...tree.hashes];
  const edge = tree.edge.map((level) => [...level]);
  const tiles: FullTile[] = [];
  leaves.forEach((leaf, at) => {
    const position = tree.size + at;
    push(edge, 0, leaf);
    addLeaf(hashes, position, leaf, (height, root) => {
      if (height % TILE_HEIGHT !== 0) return;
      const level = height / TILE_HEIGHT - 1;
      const number = Math.floor(position / TILE_WIDTH ** (level + 1));
      tiles.push({ level, number, hashes: Buffer.concat(edge[level] ?? []), root });
      edge[level] = [];
      push(edge, level + 1, root);
    });
  });
  return { tree: { size: tree.size + leaves.length, hashes, edge }, tiles };
}

function push(edge: Uint8Array[][], level: number, hash: Uint8Array): void {
  (edge[level] ??= []).push(hash);
}

/** What a log stores of its tree, as bytes. */
export interface StoredTree {
  readonly frontier: Buffer;
  readonly root: Buffer;
}

/** Returns what the head of a log says of its tree. */
export function storedTree(tree: LogTree): StoredTree {
  return { frontier: Buffer.concat(tree.hashes), root: Buffer.from(rootOf(tree)) };
}

/**
 * Returns the frontier that follows from the tiles that are not full, or undefined if one has another number of hashes
 * than the tree of this size has.
 */
export function frontierOfEdge(size: number, edge: LogTree['edge']): Frontier | undefined {
  const hashes: Uint8Array[] = [];
  for (let level = edge.length - 1; level >= 0; level -= 1) {
    const held = edge[level] ?? [];
    if (held.length !== hashesAtLevel(size, level) % TILE_WIDTH) return undefined;
    for (let from = 0, width = TILE_WIDTH / 2; width >= 1; width /= 2)
      if (held.length - from >= width) hashes.push(subtreeRoot(held.slice(from, (from += width))));
  }
  return hashes.length === frontierLength(size) ? { size, hashes } : undefined;
}

/** Returns how many levels of tiles the tree of this size has. */
export function levelsOf(size: number): number {
  let levels = 0;
  while (hashesAtLevel(size, levels) > 0) levels += 1;
  return levels;
}
