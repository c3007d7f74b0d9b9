import { expect } from 'chai';
import fc from 'fast-check';
import { isConsistent, isIncluded } from '../../../../monitoring/audit/tree/check-proofs.js';
import {
  appendLeaves,
  EMPTY_FRONTIER,
  frontierLength,
  rootOf,
  type Frontier,
} from '../../../../monitoring/audit/tree/frontier.js';
import { nodeHash } from '../../../../monitoring/audit/tree/hashes.js';
import { proveConsistency, proveInclusion, type NodeReader } from '../../../../monitoring/audit/tree/proofs.js';
import { nodesFromTiles, subtreeRoot } from '../../../../monitoring/audit/tree/tile-nodes.js';
import { hashesAtLevel, TILE_WIDTH } from '../../../../monitoring/audit/tree/tiles.js';
import { madeLeaves, plainConsistency, plainInclusion, plainRoot } from './plain-tree.js';

const MOST = 70_000;
const SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 1_000];

/** Reads the nodes of the first `size` leaves from tiles, and refuses what that tree does not have. */
function tiledReader(leaves: readonly Buffer[], size: number): NodeReader {
  const levels: (readonly Uint8Array[])[] = [leaves.slice(0, size)];
  for (let below = levels[0] ?? []; below.length >= TILE_WIDTH; below = levels.at(-1) ?? [])
    levels.push(
      Array.from({ length: Math.floor(below.length / TILE_WIDTH) }, (_, at) =>
        subtreeRoot(below.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH)),
      ),
    );
  return nodesFromTiles(({ level, number, width }) => {
    const hashes = (levels[level] ?? []).slice(number * TILE_WIDTH, number * TILE_WIDTH + width);
    expect(hashes, `tile ${level}/${number}`).to.have.length(width);
    return Promise.resolve(Buffer.concat(hashes));
  });
}

describe('frontier', () => {
  it('has the root that RFC 9162 defines, for every size and however the leaves came', () => {
    const leaves = madeLeaves(600);
    let one: Frontier = EMPTY_FRONTIER;
    for (const size of Array.from({ length: 601 }, (_, at) => at)) {
      expect(one.hashes).to.have.length(frontierLength(size));
      if (size < 40 || SIZES.includes(size))
        expect(rootOf(one), `size ${size}`).to.deep.equal(plainRoot(leaves.slice(0, size)));
      one = appendLeaves(one, leaves.slice(size, size + 1));
    }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 6 }), (batches) => {
        let frontier: Frontier = EMPTY_FRONTIER;
        for (const batch of batches)
          frontier = appendLeaves(frontier, leaves.slice(frontier.size, frontier.size + batch));
        expect(rootOf(frontier)).to.deep.equal(plainRoot(leaves.slice(0, frontier.size)));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses to go on from hashes that do not belong to its size', () => {
    expect(() => appendLeaves({ size: 3, hashes: [] }, madeLeaves(1))).to.throw(RangeError);
  });
});

describe('proofs from tiles', () => {
  const leaves = madeLeaves(1_000);

  it('are those that RFC 9162 defines', async () => {
    for (const size of SIZES) {
      const some = leaves.slice(0, size);
      const read = tiledReader(leaves, size);
      for (const index of new Set(
        [0, 1, Math.floor(size / 2), size - 2, size - 1].filter((at) => at >= 0 && at < size),
      ))
        expect(await proveInclusion(read, { index, size })).to.deep.equal(plainInclusion(index, some));
      for (const oldSize of new Set(
        [1, 2, 128, Math.ceil(size / 2), size - 1, size].filter((at) => at > 0 && at <= size),
      ))
        expect(await proveConsistency(read, { oldSize, newSize: size })).to.deep.equal(plainConsistency(oldSize, some));
    }
  });

  it('convince the verifiers, for random leaves and sizes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000 }), fc.nat(), fc.nat(), async (size, at, from) => {
        const read = tiledReader(leaves, size);
        const root = plainRoot(leaves.slice(0, size));
        const index = at % size;
        const oldSize = from % (size + 1);
        const inclusion = await proveInclusion(read, { index, size });
        const leaf = leaves[index] ?? Buffer.alloc(0);
        expect(isIncluded({ leaf, index, size, root, proof: inclusion }, nodeHash)).to.equal(true);
        expect(isIncluded({ leaf, index: (index + 1) % size, size, root, proof: inclusion }, nodeHash)).to.equal(
          size === 1,
        );
        if (oldSize === 0) return;
        const growth = {
          oldSize,
          newSize: size,
          oldRoot: plainRoot(leaves.slice(0, oldSize)),
          newRoot: root,
          proof: await proveConsistency(read, { oldSize, newSize: size }),
        };
        expect(isConsistent(growth, nodeHash)).to.equal(true);
        expect(isConsistent({ ...growth, oldRoot: plainRoot(leaves.slice(1, oldSize + 1)) }, nodeHash)).to.equal(false);
      }),
      { numRuns: 50 },
    );
  });

  it('hold across levels of tiles', async () => {
    const many = madeLeaves(MOST);
    const read = tiledReader(many, MOST);
    const oldSizes = [1, 255, 256, 257, 65_535, 65_536, 65_537, MOST - 1];
    const roots = new Map<number, Uint8Array>();
    let frontier: Frontier = EMPTY_FRONTIER;
    for (const size of [...oldSizes, MOST]) {
      frontier = appendLeaves(frontier, many.slice(frontier.size, size));
      roots.set(size, rootOf(frontier));
    }
    const root = rootOf(frontier);
    for (const index of [0, 255, 256, 65_535, 65_536, 65_537, MOST - 1])
      expect(
        isIncluded(
          {
            leaf: many[index] ?? Buffer.alloc(0),
            index,
            size: MOST,
            root,
            proof: await proveInclusion(read, { index, size: MOST }),
          },
          nodeHash,
        ),
      ).to.equal(true);
    for (const oldSize of oldSizes)
      expect(
        isConsistent(
          {
            oldSize,
            oldRoot: roots.get(oldSize) ?? root,
            newSize: MOST,
            newRoot: root,
            proof: await proveConsistency(read, { oldSize, newSize: MOST }),
          },
          nodeHash,
        ),
      ).to.equal(true);
    expect(hashesAtLevel(MOST, 1)).to.equal(273);
  });

  it('do not exist for leaves and sizes that the tree does not have', async () => {
    const read = tiledReader(leaves, 8);
    for (const asked of [
      { index: 8, size: 8 },
      { index: -1, size: 8 },
      { index: 0, size: 0 },
      { index: 0.5, size: 8 },
    ])
      await proveInclusion(read, asked).then(
        () => expect.fail('a proof'),
        (error: unknown) => expect(error).to.be.instanceOf(RangeError),
      );
    await proveConsistency(read, { oldSize: 9, newSize: 8 }).then(
      () => expect.fail('a proof'),
      (error: unknown) => expect(error).to.be.instanceOf(RangeError),
    );
  });
});

describe('verifiers', () => {
  it('refuse a proof with any bit changed, dropped or added', async () => {
    const leaves = madeLeaves(13);
    const read = tiledReader(leaves, 13);
    const root = plainRoot(leaves);
    const proof = await proveInclusion(read, { index: 6, size: 13 });
    const growth = await proveConsistency(read, { oldSize: 6, newSize: 13 });
    const check = (changed: readonly Uint8Array[]): boolean =>
      isIncluded({ leaf: leaves[6] ?? Buffer.alloc(0), index: 6, size: 13, root, proof: changed }, nodeHash);
    const checkGrowth = (changed: readonly Uint8Array[]): boolean =>
      isConsistent(
        { oldSize: 6, oldRoot: plainRoot(leaves.slice(0, 6)), newSize: 13, newRoot: root, proof: changed },
        nodeHash,
      );
    for (const [verify, good] of [
      [check, proof],
      [checkGrowth, growth],
    ] as const) {
      expect(verify(good)).to.equal(true);
      for (const at of good.keys()) {
        expect(verify(good.map((hash, position) => (position === at ? flipped(hash) : hash)))).to.equal(false);
        expect(verify(good.filter((_, position) => position !== at))).to.equal(false);
      }
      expect(verify([...good, root])).to.equal(false);
    }
  });

  it('take no proof of growth from an empty tree, and no hash of another length', () => {
    const leaves = madeLeaves(3);
    const [one] = leaves;
    const root = plainRoot(leaves);
    expect(
      isConsistent({ oldSize: 0, oldRoot: plainRoot([]), newSize: 3, newRoot: root, proof: [] }, nodeHash),
    ).to.equal(false);
    const short = one?.subarray(1) ?? Buffer.alloc(0);
    expect(isIncluded({ leaf: short, index: 0, size: 1, root: short, proof: [] }, nodeHash)).to.equal(false);
    expect(isConsistent({ oldSize: 2, oldRoot: short, newSize: 3, newRoot: root, proof: [root] }, nodeHash)).to.equal(
      false,
    );
  });
});

function flipped(hash: Uint8Array): Uint8Array {
  const changed = Buffer.from(hash);
  changed[7] = (changed[7] ?? 0) ^ 1;
  return changed;
}
