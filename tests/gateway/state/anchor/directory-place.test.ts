import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DirectoryPlace } from '../../../../gateway/state/anchor/directory-place.js';
import { faultOf } from '../../../../gateway/state/anchor/place.js';
import { describePlace } from '../../../ports/anchor-place.js';
import { rejection } from '../../../rejection.js';

let writers = 0;
const placeIn = (directory: string): DirectoryPlace =>
  new DirectoryPlace({ name: 'disk', directory, timeoutMs: 5_000, writer: `writer-${(writers += 1)}` });

describePlace('DirectoryPlace', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-place-'));
  return {
    open: () => placeIn(directory),
    close: async () => rmSync(directory, { recursive: true, force: true }),
  };
});

describe('DirectoryPlace', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-place-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('leaves the newest two versions and no draft', async () => {
    const place = placeIn(directory);
    for (const replaces of [undefined, '1', '2', '3']) await place.write('head', 'text', replaces);
    expect(readdirSync(directory).sort()).to.deep.equal(['head.3', 'head.4']);
  });

  it('is unreachable, not empty, where the directory is not there, and never makes it', async () => {
    const place = placeIn(join(directory, 'not-mounted'));
    expect(faultOf(await rejection(place.read('head')))).to.equal('unreachable');
    expect(faultOf(await rejection(place.write('head', 'text', undefined)))).to.equal('unreachable');
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it('takes no notice of other files, and of drafts of a process that was killed', async () => {
    for (const file of ['.writer-9-1.draft', 'head', 'head.x', 'head.01', 'head.1.draft', 'journal-0.7'])
      writeFileSync(join(directory, file), 'something else');
    const place = placeIn(directory);
    expect(await place.read('head')).to.equal(undefined);
    expect((await place.write('head', 'text', undefined)).outcome).to.equal('written');
  });

  it('begins no call while one before it is under way, so that a dead mount occupies one thread only', async () => {
    const place = placeIn(directory);
    const first = place.read('head');
    expect(faultOf(await rejection(place.read('head')))).to.equal('timeout');
    await first;
    expect(await place.read('head')).to.equal(undefined);
  });

  it('says when it may not write', async function () {
    if (process.getuid?.() === 0) this.skip();
    chmodSync(directory, 0o500);
    expect(faultOf(await rejection(placeIn(directory).write('head', 'text', undefined)))).to.equal('denied');
    chmodSync(directory, 0o700);
  });
});
