import { expect } from 'chai';
import { leafHash } from '../../../../monitoring/audit/canonical.js';
import { appendLeaves, EMPTY_FRONTIER, rootOf } from '../../../../monitoring/audit/tree/frontier.js';
import { GrowingTree, type GrownTile } from '../../../../monitoring/audit/verify/growing-tree.js';
import { tilesOf } from '../../../../monitoring/audit/tree/tiles.js';

const leaves = (from: number, to: number): readonly Uint8Array[] =>
  Array.from({ length: to - from }, (_, at) => leafHash(Buffer.from(String(from + at))));

const grown = (
  size: number,
  tree = new GrowingTree(),
): { readonly tree: GrowingTree; readonly tiles: readonly GrownTile[] } => {
  const filled = leaves(tree.size, size).flatMap((leaf) => tree.add(leaf));
  return { tree, tiles: [...filled, ...tree.lastTiles()] };
};

const SIZES = [0, 1, 2, 3, 255, 256, 257, 511, 512, 1_000, 65_537];

describe('GrowingTree', function () {
  this.timeout(30_000);

  it('has the root and exactly the tiles of each size', () => {
    for (const size of SIZES) {
      const { tree, tiles } = grown(size);
      const root = rootOf(appendLeaves(EMPTY_FRONTIER, leaves(0, size)));
      expect(Buffer.from(tree.root()), String(size)).to.deep.equal(Buffer.from(root));
      const place = ({ level, number, width }: (typeof tiles)[number] | ReturnType<typeof tilesOf>[number]): string =>
        `${level}/${number}/${width}`;
      expect(tiles.map(place).sort(), String(size)).to.deep.equal(tilesOf(size).map(place).sort());
    }
  });

  it('goes on from what was kept of it', () => {
    for (const size of SIZES) {
      const { tree } = grown(size);
      const again = GrowingTree.from(size, structuredClone([...tree.lastTiles()]));
      expect(Buffer.from(again.root()), String(size)).to.deep.equal(Buffer.from(tree.root()));
      const root = Buffer.from(grown(size + 300).tree.root());
      expect(Buffer.from(grown(size + 300, again).tree.root()), `${size} + 300`).to.deep.equal(root);
    }
  });

  it('is not made of the tiles of another size', () => {
    const { tree } = grown(300);
    for (const size of [299, 301, 65_836]) expect(() => GrowingTree.from(size, tree.lastTiles())).to.throw(RangeError);
    expect(() => GrowingTree.from(300, [])).to.throw(RangeError);
  });
});
