import type { NodeHash } from './hashes.js';

// Imports types only: these checks also have to run where there is no Node.

export interface InclusionClaim {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Returns whether the proof shows that the tree with this root has this leaf hash at this index (RFC 9162, section
 * 2.1.3.2). Never throws.
 */
export function isIncluded({ leaf, index, size, root, proof }: InclusionClaim, nodeHash: NodeHash): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else hash = nodeHash(hash, sibling);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && areEqual(hash, root);
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Returns whether the proof shows that the new tree begins with all leaves of the old one (RFC 9162, section 2.1.4.2). A
 * tree of the same size must have the same root, and an empty proof. False for an old tree without leaves: every tree
 * begins with it, so there is nothing to prove. Never throws.
 */
export function isConsistent(
  { oldSize, oldRoot, newSize, newRoot, proof }: ConsistencyClaim,
  nodeHash: NodeHash,
): boolean {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize === 0 || oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && areEqual(oldRoot, newRoot);
  if (![oldRoot, newRoot, ...proof].every(isHash)) return false;
  const [first, ...path] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (isOdd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  const roots = rootsOfBoth({ fn, sn, first, path }, nodeHash);
  return roots !== undefined && areEqual(roots.old, oldRoot) && areEqual(roots.new, newRoot);
}

interface CommonPath {
  /** Position of the node below `path`, and of the last node of its level. */
  readonly fn: number;
  readonly sn: number;
  readonly first: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** Steps 4 to 6 of RFC 9162, section 2.1.4.2. Undefined if the path is too short or too long. */
function rootsOfBoth(
  { fn: from, sn: last, first, path }: CommonPath,
  nodeHash: NodeHash,
): { readonly old: Uint8Array; readonly new: Uint8Array } | undefined {
  let fn = from;
  let sn = last;
  let oldHash = first;
  let newHash = first;
  for (const hash of path) {
    if (sn === 0) return undefined;
    if (isOdd(fn) || fn === sn) {
      oldHash = nodeHash(hash, oldHash);
      newHash = nodeHash(hash, newHash);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else newHash = nodeHash(newHash, hash);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 ? { old: oldHash, new: newHash } : undefined;
}

/** Shifts and masks of JavaScript end at 32 bits; a log does not. */
const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}

const isHash = (bytes: Uint8Array): boolean => bytes.length === 32;

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Nothing here is secret: what is compared is public. */
export function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
