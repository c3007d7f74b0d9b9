import { foldRight } from '../tree/frontier.js';
import { emptyRoot, HASH_BYTES, nodeHash } from '../tree/hashes.js';
import { hashesIn, subtreeRoot } from '../tree/tile-nodes.js';
import { TILE_HEIGHT, TILE_WIDTH } from '../tree/tiles.js';

/** A tile of hashes that were computed, not read. */
export interface GrownTile {
  /** Its hashes stand above 256^level leaves each. */
  readonly level: number;
  /** Position in its level, from 0. */
  readonly number: number;
  /** Number of hashes: 256, or fewer for the last tile of a level. */
  readonly width: number;
  /** The hashes, one after the other. */
  readonly bytes: Uint8Array;
}

/**
 * Computes root and tiles of a log while its leaf hashes are added one by one (RFC 6962, section 2.1). It keeps the last
 * tile of each level: 8 KiB for each factor of 256 in the number of leaves. Each node is hashed once.
 */
export class GrowingTree {
  #size = 0;
  /** Roots of the complete subtrees, the largest first. */
  #subtrees: Uint8Array[] = [];
  /** The last tile of each level, as far as it is filled. */
  readonly #tiles: Buffer[] = [];

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Adds a leaf hash. Returns the tiles that it fills, the lowest first; a caller keeps no reference to their bytes. */
  add(leaf: Uint8Array): readonly GrownTile[] {
    const filled: GrownTile[] = [];
    let node = leaf;
    let height = 0;
    this.#place(0, node);
    for (let left = this.#size; left % 2 === 1; left = Math.floor(left / 2)) {
      node = nodeHash(this.#subtrees.pop() as Uint8Array, node);
      height += 1;
      if (height % TILE_HEIGHT !== 0) continue;
      const level = height / TILE_HEIGHT;
      filled.push(this.#tile(level - 1, (this.#size + 1) / TILE_WIDTH ** level - 1, TILE_WIDTH));
      this.#place(level, node);
    }
    this.#subtrees.push(node);
    this.#size += 1;
    return filled;
  }

  /** Returns the root over all leaves. */
  root(): Uint8Array {
    return foldRight(this.#subtrees) ?? emptyRoot();
  }

  /** Returns the tiles that are not full, the lowest first. A log is complete with these and all that `add` returned. */
  lastTiles(): readonly GrownTile[] {
    return this.#tiles.flatMap((_, level) => {
      const hashes = Math.floor(this.#size / TILE_WIDTH ** level);
      const width = hashes % TILE_WIDTH;
      return width === 0 ? [] : [this.#tile(level, Math.floor(hashes / TILE_WIDTH), width)];
    });
  }

  /**
   * Returns the tree of `size` leaves whose tiles that are not full are these, as `lastTiles` returned them. Throws
   * `RangeError` if they are not all of them, with as many hashes as the size asks for. Nothing is believed of them
   * before the caller has compared the root.
   */
  static from(size: number, lastTiles: readonly Pick<GrownTile, 'level' | 'bytes'>[]): GrowingTree {
    const tree = new GrowingTree();
    tree.#size = size;
    for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
      const bytes = lastTiles.find((tile) => tile.level === level)?.bytes ?? new Uint8Array(0);
      if (bytes.length !== (hashes % TILE_WIDTH) * HASH_BYTES)
        throw new RangeError(`a tree of ${size} leaves has another last tile at level ${level}`);
      const tile = Buffer.alloc(TILE_WIDTH * HASH_BYTES);
      tile.set(bytes);
      tree.#tiles.push(tile);
      tree.#subtrees.unshift(...completeSubtrees(hashesIn(bytes)));
    }
    return tree;
  }

  #place(level: number, hash: Uint8Array): void {
    const tile = (this.#tiles[level] ??= Buffer.alloc(TILE_WIDTH * HASH_BYTES));
    const position = Math.floor(this.#size / TILE_WIDTH ** level) % TILE_WIDTH;
    tile.set(hash, position * HASH_BYTES);
  }

  #tile(level: number, number: number, width: number): GrownTile {
    return { level, number, width, bytes: (this.#tiles[level] as Buffer).subarray(0, width * HASH_BYTES) };
  }
}

/** Returns the roots of the largest complete subtrees over adjacent hashes, from left to right. */
function completeSubtrees(hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  const roots: Uint8Array[] = [];
  for (let width = TILE_WIDTH, from = 0; width >= 1; width /= 2) {
    if (from + width > hashes.length) continue;
    roots.push(subtreeRoot(hashes.slice(from, from + width)));
    from += width;
  }
  return roots;
}
