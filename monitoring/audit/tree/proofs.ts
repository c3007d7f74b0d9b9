import { foldRight } from './frontier.js';

/** A node above 2^`level` leaves, all of which the tree has. `index` counts the nodes of the level from the left, from 0. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** Resolves with the hashes of these nodes, in their order. Rejects if the tree does not have one of them. */
export type NodeReader = (nodes: readonly TreeNode[]) => Promise<readonly Uint8Array[]>;

/** Leaves from `from` up to `to`, which is not among them. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Resolves with the inclusion proof of a leaf in the tree of this size: hashes from the leaf's sibling up to the root's
 * child (RFC 9162, section 2.1.3.1). Rejects with `RangeError` if the tree has no such leaf.
 */
export async function proveInclusion(
  read: NodeReader,
  { index, size }: { readonly index: number; readonly size: number },
): Promise<readonly Uint8Array[]> {
  if (!isSize(size) || !isSize(index) || index >= size)
    throw new RangeError(`no leaf ${index} in a tree of ${size} leaves`);
  return hashesOf(read, inclusionSpans(index, { from: 0, to: size }));
}

/**
 * Resolves with the proof that the tree of `newSize` leaves begins with the tree of `oldSize` leaves (RFC 9162, section
 * 2.1.4.1). The proof is empty if both are of one size, or if the old one is empty. Rejects with `RangeError` if the old
 * one is larger.
 */
export async function proveConsistency(
  read: NodeReader,
  { oldSize, newSize }: { readonly oldSize: number; readonly newSize: number },
): Promise<readonly Uint8Array[]> {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize)
    throw new RangeError(`a tree of ${newSize} leaves cannot begin with ${oldSize}`);
  return hashesOf(read, oldSize === 0 ? [] : consistencySpans(oldSize, { from: 0, to: newSize }, true));
}

/** PATH(m, D_n) of RFC 9162, section 2.1.3.1, as spans of leaves. */
function inclusionSpans(index: number, { from, to }: Span): readonly Span[] {
  if (to - from === 1) return [];
  const middle = from + splitOf(to - from);
  return index < middle
    ? [...inclusionSpans(index, { from, to: middle }), { from: middle, to }]
    : [...inclusionSpans(index, { from: middle, to }), { from, to: middle }];
}

/** SUBPROOF(m, D_n, b) of RFC 9162, section 2.1.4.1, as spans of leaves. `end` is where the old tree ends. */
function consistencySpans(end: number, { from, to }: Span, isOldRoot: boolean): readonly Span[] {
  if (end === to) return isOldRoot ? [] : [{ from, to }];
  const middle = from + splitOf(to - from);
  return end <= middle
    ? [...consistencySpans(end, { from, to: middle }, isOldRoot), { from: middle, to }]
    : [...consistencySpans(end, { from: middle, to }, false), { from, to: middle }];
}

/** Returns the largest power of two below a number of leaves. */
function splitOf(leaves: number): number {
  let split = 1;
  while (split * 2 < leaves) split *= 2;
  return split;
}

async function hashesOf(read: NodeReader, spans: readonly Span[]): Promise<readonly Uint8Array[]> {
  const nodes = spans.map(nodesOf);
  const hashes = await read(nodes.flat());
  let at = 0;
  return nodes.map(({ length }) => {
    const hash = foldRight(hashes.slice(at, (at += length)));
    if (hash === undefined) throw new RangeError('a tree without the nodes of its proof');
    return hash;
  });
}

/**
 * Returns the complete subtrees of which a span consists, from left to right. Every span of a proof begins where one as
 * large as its largest subtree may begin.
 */
export function nodesOf({ from, to }: Span): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let begin = from; begin < to;) {
    let level = 0;
    let width = 1;
    while (begin % (width * 2) === 0 && begin + width * 2 <= to) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: begin / width });
    begin += width;
  }
  return nodes;
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
