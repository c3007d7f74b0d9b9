import { emptyRoot, nodeHash } from './hashes.js';

/**
 * What a tree needs in order to grow: the roots of its largest complete subtrees, from left to right. A tree of `size`
 * leaves has one for each 1 in the binary form of `size`.
 */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

/** The frontier of a tree without leaves. */
export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/** Returns the frontier after these leaf hashes were appended. */
export function appendLeaves({ size, hashes }: Frontier, leaves: readonly Uint8Array[]): Frontier {
  const grown = [...hashes];
  leaves.forEach((leaf, at) => addLeaf(grown, size + at, leaf));
  return { size: size + leaves.length, hashes: grown };
}

/**
 * Adds the leaf at this position to the hashes of a frontier. Calls `onSubtree` with the root of each complete subtree
 * of which it is the last leaf, above 2^`height` leaves, the smallest first.
 */
export function addLeaf(
  hashes: Uint8Array[],
  position: number,
  leaf: Uint8Array,
  onSubtree: (height: number, root: Uint8Array) => void = () => undefined,
): void {
  let subtree = leaf;
  let height = 0;
  // Each 1 at the end of the position is a complete subtree to the left, as large as the one that was just completed.
  for (let left = position; left % 2 === 1; left = Math.floor(left / 2)) {
    subtree = nodeHash(last(hashes), subtree);
    height += 1;
    onSubtree(height, subtree);
  }
  hashes.push(subtree);
}

function last(hashes: Uint8Array[]): Uint8Array {
  const hash = hashes.pop();
  if (hash === undefined) throw new RangeError('a frontier with fewer hashes than its size has');
  return hash;
}

/** Returns the root of the tree (RFC 9162, section 2.1.1). */
export function rootOf({ hashes }: Frontier): Uint8Array {
  return foldRight(hashes) ?? emptyRoot();
}

/** Returns the hash above adjacent subtrees of falling size, or undefined if there is none. */
export function foldRight(hashes: readonly Uint8Array[]): Uint8Array | undefined {
  let root = hashes.at(-1);
  for (let at = hashes.length - 2; root !== undefined && at >= 0; at -= 1) {
    const left = hashes[at];
    if (left !== undefined) root = nodeHash(left, root);
  }
  return root;
}

/** Returns how many hashes the frontier of a tree of this size has. */
export function frontierLength(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
