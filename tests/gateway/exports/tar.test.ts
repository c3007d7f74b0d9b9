import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import type { BundleFile } from '../../../gateway/exports/bundle.js';
import { filesOfTar, TarBroken, tarOf } from '../../../gateway/exports/tar.js';
import { rejection } from '../../rejection.js';

const FILES: readonly BundleFile[] = [0, 1, 511, 512, 513, 5_000].map((size, nth) => ({
  path: `${nth}/${size}.json`,
  bytes: Buffer.alloc(size, 65 + nth),
}));

async function* each<One>(ones: Iterable<One>): AsyncGenerator<One> {
  yield* ones;
}

describe('the archive of a bundle', () => {
  const archive = (): Promise<Buffer> => buffer(tarOf(each(FILES)));
  const cut = (bytes: Buffer, size: number): Uint8Array[] =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, nth) => bytes.subarray(nth * size, (nth + 1) * size));
  const read = async (chunks: Iterable<Uint8Array>): Promise<readonly BundleFile[]> => {
    const files: BundleFile[] = [];
    for await (const file of filesOfTar(each(chunks))) files.push(file);
    return files;
  };

  it('is one that tar unpacks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tereze-tar-'));
    try {
      const { status, stderr } = spawnSync('tar', ['-xf', '-'], { cwd: folder, input: await archive() });
      expect([status, stderr.toString()]).to.deep.equal([0, '']);
      for (const { path, bytes } of FILES) {
        expect(readFileSync(join(folder, path)).equals(bytes), path).to.equal(true);
        expect(statSync(join(folder, path)).mode & 0o777).to.equal(0o600);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const size of [1, 7, 512, 100_000])
    it(`is read back from parts of ${size} bytes`, async () => {
      const files = await read(cut(await archive(), size));
      expect(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).to.deep.equal(
        FILES.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]),
      );
    });

  it('is refused where it was cut short or is none', async () => {
    const whole = await archive();
    for (const length of [0, 100, 512, 600, whole.length - 1_024])
      expect(await rejection(read([whole.subarray(0, length)])), `${length}`).to.be.instanceOf(TarBroken);
    const changed = Buffer.from(whole);
    changed[0] = 0x39;
    expect(await rejection(read([changed]))).to.be.instanceOf(TarBroken);
  });

  it('has no path that is too long', async () => {
    const long = { path: 'a'.repeat(101), bytes: Buffer.alloc(1) };
    expect(await rejection(buffer(tarOf(each([long]))))).to.be.instanceOf(RangeError);
  });
});
