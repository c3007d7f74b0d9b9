import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { GrowingTree } from '../../../monitoring/audit/verify/growing-tree.js';
import { leafHash } from '../../../monitoring/audit/canonical.js';
import { openVerifiers, type OutsideVerifier } from './outside-verifiers.js';
import { checkpointOf, ORIGIN, sampleEntries, signerOf, writeSample } from './sample-log.js';

const SMALL = [0, 1, 2, 255, 256, 257, 1_000];
const LARGE = [65_536, 65_537, 70_000];
const IS_ALL = process.env['LOG_SIZES'] === 'all';
const SIZES = IS_ALL ? [...SMALL, ...LARGE] : SMALL;

/** Earlier sizes of a log of this size. */
function earlierSizes(size: number): readonly number[] {
  const sizes = IS_ALL ? [0, 1, 255, 256, 257, Math.floor(size / 2), size] : [Math.floor(size / 2)];
  return [...new Set(sizes)].filter((old) => old <= size);
}

/** Returns the root of the first entries. */
function rootOf(entries: readonly Uint8Array[]): Uint8Array {
  const tree = new GrowingTree();
  for (const entry of entries) tree.add(leafHash(entry));
  return tree.root();
}

describe('logs of every size, by verifiers of other hands', function () {
  this.timeout(300_000);
  const key = signerOf(1).verifierKey;
  const folder = mkdtempSync(join(tmpdir(), 'tereze-sizes-'));
  let verifiers: readonly OutsideVerifier[] = [];
  before(function () {
    verifiers = openVerifiers(this, folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const size of SIZES) {
    it(`${size} entries are accepted, grown from an earlier size, and refused as another log's`, async () => {
      const { directory, entries } = await writeSample(join(folder, String(size)), sampleEntries(size));
      for (const { name, run } of verifiers) {
        expect(run('tiles', directory, key), name).to.deep.equal({
          exit: 0,
          line: `ok tiles ${ORIGIN}: ${size} entries`,
        });
        expect(run('tiles', directory, signerOf(2).verifierKey), name).to.include({ exit: 1 });
      }
      for (const old of earlierSizes(size)) {
        const path = join(folder, `${size}-${old}`);
        writeFileSync(path, checkpointOf({ size: old, root: rootOf(entries.slice(0, old)) }));
        for (const { name, run } of verifiers)
          expect(run('--old', path, 'tiles', directory, key), `${name} from ${old}`).to.include({ exit: 0 });
        writeFileSync(path, checkpointOf({ size: old, root: rootOf([...entries.slice(0, old), Buffer.from('{}')]) }));
        for (const { name, run } of verifiers)
          expect(run('--old', path, 'tiles', directory, key).line, `${name} from another ${old}`).to.match(
            new RegExp(`^FAULT growth at ${old}: `),
          );
      }
      rmSync(directory, { recursive: true });
    });
  }

  it('a checkpoint that two keys signed is accepted by each, and by both', async () => {
    const signers = [signerOf(1), signerOf(2)];
    const { directory } = await writeSample(join(folder, 'rotated'), sampleEntries(3), signers);
    expect(readFileSync(join(directory, 'checkpoint'), 'utf8').match(/^— /gm)).to.have.length(2);
    for (const { name, run } of verifiers)
      for (const keys of [[signerOf(1)], [signerOf(2)], [...signers].reverse()])
        expect(run('tiles', directory, ...keys.map(({ verifierKey }) => verifierKey)), name).to.include({ exit: 0 });
  });

  it('wrong use ends with exit code 2', () => {
    for (const { name, run } of verifiers)
      for (const words of [[], ['tiles'], ['tiles', folder], ['trees', folder, key], ['tiles', folder, `${key}x`]])
        expect(run(...words).exit, `${name} ${words.join(' ')}`).to.equal(2);
  });
});
