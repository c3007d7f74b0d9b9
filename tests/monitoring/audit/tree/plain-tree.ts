import { createHash } from 'node:crypto';

// The definitions of RFC 9162, section 2.1, letter by letter: slow, and easy to compare with the text.

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const node = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Uint8Array.of(1), left, right);

const split = (count: number): number => 2 ** Math.ceil(Math.log2(count) - 1);

/** MTH of leaf hashes. */
export function plainRoot(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return Buffer.from(only);
  const middle = split(leaves.length);
  return node(plainRoot(leaves.slice(0, middle)), plainRoot(leaves.slice(middle)));
}

/** PATH. */
export function plainInclusion(index: number, leaves: readonly Uint8Array[]): readonly Buffer[] {
  if (leaves.length === 1) return [];
  const middle = split(leaves.length);
  return index < middle
    ? [...plainInclusion(index, leaves.slice(0, middle)), plainRoot(leaves.slice(middle))]
    : [...plainInclusion(index - middle, leaves.slice(middle)), plainRoot(leaves.slice(0, middle))];
}

/** SUBPROOF. */
export function plainConsistency(old: number, leaves: readonly Uint8Array[], isOldRoot = true): readonly Buffer[] {
  if (old === leaves.length) return isOldRoot ? [] : [plainRoot(leaves)];
  const middle = split(leaves.length);
  return old <= middle
    ? [...plainConsistency(old, leaves.slice(0, middle), isOldRoot), plainRoot(leaves.slice(middle))]
    : [...plainConsistency(old - middle, leaves.slice(middle), false), plainRoot(leaves.slice(0, middle))];
}

/** Leaf hashes of made-up entries. */
export function madeLeaves(count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => sha256(Uint8Array.of(0), Buffer.from(`entry ${index}`)));
}
