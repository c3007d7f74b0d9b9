import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { leafHash } from '../../../../monitoring/audit/canonical.js';
import { isConsistent, isIncluded } from '../../../../monitoring/audit/tree/check-proofs.js';
import { nodeHash } from '../../../../monitoring/audit/tree/hashes.js';
import { proveConsistency, proveInclusion } from '../../../../monitoring/audit/tree/proofs.js';
import { nodesFromTiles } from '../../../../monitoring/audit/tree/tile-nodes.js';
import { GrowingTree } from '../../../../monitoring/audit/verify/growing-tree.js';
import { seededRandom } from '../../../doubles.js';
import { needsPrograms } from '../../../needs-programs.js';

const LEAVES = 3_000;
const PROOFS = Number(process.env['RANDOM_PROOFS'] ?? 200);
const SEED = process.env['SEED'] ?? 'proofs';

/** Reads nodes of the tree of all leaves from its tiles. */
function readerOfTiles(): ReturnType<typeof nodesFromTiles> {
  const tree = new GrowingTree();
  const tiles = new Map<string, Uint8Array>();
  for (let leaf = 0; leaf < LEAVES; leaf += 1)
    for (const { level, number, bytes } of tree.add(leafHash(Buffer.from(String(leaf)))))
      tiles.set(`${level}/${number}`, Buffer.from(bytes));
  for (const { level, number, bytes } of tree.lastTiles()) tiles.set(`${level}/${number}`, bytes);
  return nodesFromTiles(async ({ level, number }) => tiles.get(`${level}/${number}`) ?? new Uint8Array(0));
}

describe('proofs, beside the text of RFC 6962 in Python', function () {
  this.timeout(300_000);
  before(function () {
    needsPrograms(this, 'python3');
  });

  it(`${PROOFS} inclusion and as many consistency proofs are equal, and accepted (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const below = (limit: number): number => random.bytes(4).readUInt32BE() % limit;
    const asked = Array.from({ length: PROOFS }, () => {
      const size = 1 + below(LEAVES);
      return { size, index: below(size), oldSize: 1 + below(size) };
    });
    const questions = asked.map(
      ({ size, index, oldSize }) => `inclusion ${index} ${size}\nconsistency ${oldSize} ${size}\n`,
    );
    const { stdout } = spawnSync('python3', ['tests/monitoring/audit/tree/rfc6962.py'], {
      input: questions.join(''),
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).to.have.length(2 * PROOFS);
    const read = readerOfTiles();
    for (const [place, { size, index, oldSize }] of asked.entries()) {
      const [inclusion, consistency] = lines
        .slice(2 * place, 2 * place + 2)
        .map((line) => line.split(' ').map((hash) => Buffer.from(hash, 'hex')));
      const [leaf, root, ...path] = inclusion as [Buffer, Buffer, ...Buffer[]];
      const [oldRoot, newRoot, ...between] = consistency as [Buffer, Buffer, ...Buffer[]];
      const what = `index ${index}, old ${oldSize}, size ${size}`;
      const proof = (await proveInclusion(read, { index, size })).map((hash) => Buffer.from(hash));
      expect(proof, what).to.deep.equal(path);
      expect(isIncluded({ leaf, index, size, root, proof }, nodeHash), what).to.equal(true);
      const growth = (await proveConsistency(read, { oldSize, newSize: size })).map((hash) => Buffer.from(hash));
      expect(growth, what).to.deep.equal(between);
      const claim = { oldSize, oldRoot, newSize: size, newRoot, proof: growth };
      expect(isConsistent(claim, nodeHash), what).to.equal(true);
    }
  });
});
