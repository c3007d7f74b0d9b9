import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { leafHash } from '../../../monitoring/audit/canonical.js';
import { proveInclusion } from '../../../monitoring/audit/tree/proofs.js';
import { nodesFromTiles } from '../../../monitoring/audit/tree/tile-nodes.js';
import { formatTlogProof, type TlogProof } from '../../../monitoring/audit/tree/tlog-proof.js';
import { GrowingTree } from '../../../monitoring/audit/verify/growing-tree.js';
import { openVerifiers, type OutsideVerifier } from './outside-verifiers.js';
import { checkpointOf, ORIGIN, sampleEntries, signerOf } from './sample-log.js';

describe('inclusion proofs, by verifiers of other hands', function () {
  this.timeout(60_000);
  const size = 300;
  const entries = sampleEntries(size);
  const key = signerOf(1).verifierKey;
  const folder = mkdtempSync(join(tmpdir(), 'tereze-inclusion-'));
  const file = join(folder, 'entry.tlog-proof');
  let verifiers: readonly OutsideVerifier[] = [];
  before(function () {
    verifiers = openVerifiers(this, folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function proofOf(index: number): Promise<TlogProof> {
    const tree = new GrowingTree();
    const tiles = entries.flatMap((entry) =>
      tree.add(leafHash(entry)).map((tile) => ({ ...tile, bytes: Buffer.from(tile.bytes) })),
    );
    const all = [...tiles, ...tree.lastTiles()];
    const read = nodesFromTiles(async ({ level, number }) => {
      const tile = all.find((one) => one.level === level && one.number === number);
      return tile?.bytes ?? new Uint8Array(0);
    });
    const proof = await proveInclusion(read, { index, size });
    return { index, proof, checkpoint: checkpointOf({ size, root: tree.root() }), extra: entries[index] };
  }

  function outcomes(proof: TlogProof, ...words: readonly string[]): readonly string[] {
    writeFileSync(file, formatTlogProof(proof));
    return verifiers.map(({ run }) => run(...words, 'proof', file, key).line.replace(/(FAULT \S+ at \S+): .*/, '$1'));
  }

  it('are accepted, with the entry in the proof or beside it', async () => {
    const beside = join(folder, 'entry');
    for (const index of [0, 1, 255, 256, 299]) {
      const proof = await proofOf(index);
      expect(outcomes(proof)).to.deep.equal(verifiers.map(() => `ok proof ${ORIGIN}: entry ${index} of ${size}`));
      writeFileSync(beside, entries[index] as Uint8Array);
      expect(outcomes({ ...proof, extra: undefined }, '--entry', beside)).to.deep.equal(
        verifiers.map(() => `ok proof ${ORIGIN}: entry ${index} of ${size}`),
      );
    }
  });

  it('are refused for another entry, place, hash, length or checkpoint', async () => {
    const sound = await proofOf(17);
    const changed = sound.proof.map((hash, at) => (at === 3 ? Buffer.alloc(32) : hash));
    for (const proof of [
      { ...sound, extra: entries[18] },
      { ...sound, index: 18 },
      { ...sound, index: 300 },
      { ...sound, proof: changed },
      { ...sound, proof: sound.proof.slice(1) },
      { ...sound, proof: [...sound.proof, Buffer.alloc(32)] },
    ])
      expect(outcomes(proof)).to.deep.equal(verifiers.map(() => `FAULT proof at ${proof.index}`));
    const unsigned = { ...sound, checkpoint: checkpointOf({ size, root: Buffer.alloc(32) }, [signerOf(2)]) };
    expect(outcomes(unsigned)).to.deep.equal(verifiers.map(() => 'FAULT checkpoint at -'));
  });
});
