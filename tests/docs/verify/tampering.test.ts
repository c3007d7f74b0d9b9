import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openVerifiers, type OutsideVerifier } from './outside-verifiers.js';
import { checkpointOf, sampleEntries, signerOf, writeSample } from './sample-log.js';

const SIZE = 600;
const key = signerOf(1).verifierKey;

/** A change of a directory of 600 entries, and how both verifiers name the first fault. */
interface Tampering {
  readonly what: string;
  readonly change: (directory: string) => unknown;
  readonly fault: string;
}

function edit(path: string, change: (bytes: Buffer) => Buffer): (directory: string) => void {
  return (directory) => {
    const bytes = readFileSync(join(directory, path));
    writeFileSync(join(directory, path), change(bytes));
  };
}

const flip =
  (at: number) =>
  (bytes: Buffer): Buffer => {
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return bytes;
  };

/** Writes another log with the tiles that belong to it, under the checkpoint of the first. */
const forge =
  (change: (entries: Uint8Array[]) => Uint8Array[], options: { readonly keepAbove?: boolean } = {}) =>
  async (directory: string): Promise<void> => {
    const kept = readFileSync(join(directory, 'checkpoint'));
    const above = readFileSync(join(directory, 'tile/1/000.p/2'));
    rmSync(join(directory, 'tile'), { recursive: true });
    await writeSample(directory, change([...sampleEntries(SIZE)]));
    writeFileSync(join(directory, 'checkpoint'), kept);
    if (options.keepAbove === true) writeFileSync(join(directory, 'tile/1/000.p/2'), above);
  };

function swap(entries: Uint8Array[], one: number, other: number): Uint8Array[] {
  [entries[one], entries[other]] = [entries[other] as Uint8Array, entries[one] as Uint8Array];
  return entries;
}

function replaced(entries: Uint8Array[], index: number): Uint8Array[] {
  entries[index] = Buffer.from('{"forged":true}');
  return entries;
}

const TAMPERINGS: readonly Tampering[] = [
  { what: 'a bit in an entry', change: edit('tile/entries/001', flip(10)), fault: 'leaf at 256' },
  { what: 'a bit in a leaf', change: edit('tile/0/001', flip(32 * 7 + 3)), fault: 'leaf at 263' },
  { what: 'a bit in a leaf of the last tile', change: edit('tile/0/002.p/88', flip(0)), fault: 'leaf at 512' },
  { what: 'a bit in a tile above', change: edit('tile/1/000.p/2', flip(33)), fault: 'tile at 256' },
  {
    what: 'a tile cut short',
    change: (directory) => truncateSync(join(directory, 'tile/0/001'), 8_160),
    fault: 'leaf at 511',
  },
  {
    what: 'a tile with more',
    change: edit('tile/0/001', (bytes) => Buffer.concat([bytes, bytes])),
    fault: 'tile at 256',
  },
  { what: 'a missing tile', change: (directory) => unlinkSync(join(directory, 'tile/1/000.p/2')), fault: 'tile at 0' },
  {
    what: 'a missing bundle',
    change: (directory) => unlinkSync(join(directory, 'tile/entries/001')),
    fault: 'entries at 256',
  },
  {
    what: 'a bundle cut short',
    change: edit('tile/entries/002.p/88', (bytes) => bytes.subarray(0, -1)),
    fault: 'entries at 599',
  },
  {
    what: 'a bundle with more',
    change: edit('tile/entries/001', (bytes) => Buffer.concat([bytes, bytes])),
    fault: 'entries at 512',
  },
  {
    what: 'a forged entry with its tile of level 0',
    change: forge((entries) => replaced(entries, 300), { keepAbove: true }),
    fault: 'tile at 256',
  },
  {
    what: 'a forged entry with all of its tiles',
    change: forge((entries) => replaced(entries, 300)),
    fault: 'tree at 600',
  },
  {
    what: 'a forged entry of the last tile, with its tile',
    change: forge((entries) => replaced(entries, 599)),
    fault: 'tree at 600',
  },
  {
    what: 'entries swapped, with their tiles',
    change: forge((entries) => swap(entries, 3, 500)),
    fault: 'tree at 600',
  },
  {
    what: 'an entry removed, with its tiles',
    change: forge((entries) => entries.toSpliced(17, 1)),
    fault: 'entries at 512',
  },
  {
    what: 'a bit in the size of the checkpoint',
    change: edit('checkpoint', (bytes) => Buffer.from(bytes.toString().replace('\n600\n', '\n601\n'))),
    fault: 'checkpoint at -',
  },
  {
    what: 'a bit in the signature',
    change: edit('checkpoint', (bytes) => Buffer.from(bytes.toString().replace(/.{6}\n$/, 'AAAA==\n'))),
    fault: 'checkpoint at -',
  },
  {
    what: 'a checkpoint without a signature',
    change: edit('checkpoint', (bytes) => bytes.subarray(0, bytes.indexOf('\n\n') + 2)),
    fault: 'checkpoint at -',
  },
  {
    what: 'a checkpoint of another origin',
    change: (directory) =>
      writeFileSync(
        join(directory, 'checkpoint'),
        checkpointOf({ size: 600, root: Buffer.alloc(32), origin: 'log.example.kz/other/0' }),
      ),
    fault: 'checkpoint at -',
  },
];

describe('tampering with a directory of tiles', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-tampering-'));
  const honest = join(folder, 'honest');
  let verifiers: readonly OutsideVerifier[] = [];
  let root: Uint8Array;
  before(async function () {
    verifiers = openVerifiers(this, folder);
    ({ root } = await writeSample(honest, sampleEntries(SIZE)));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('nothing is found in the log as it was written', () => {
    for (const { name, run } of verifiers) expect(run('tiles', honest, key), name).to.include({ exit: 0 });
  });

  for (const { what, change, fault } of TAMPERINGS) {
    it(`${what} is named as ${fault}`, async () => {
      const directory = join(folder, 'changed');
      cpSync(honest, directory, { recursive: true });
      await change(directory);
      for (const { name, run } of verifiers) {
        const { exit, line } = run('tiles', directory, key);
        expect({ exit, fault: line.split(': ')[0] }, `${name}: ${line}`).to.deep.equal({
          exit: 1,
          fault: `FAULT ${fault}`,
        });
      }
      rmSync(directory, { recursive: true });
    });
  }

  it('a log that was set back, and a second checkpoint of one size, are named as growth', async () => {
    const later = join(folder, 'later');
    for (const old of [
      { size: 700, root },
      { size: SIZE, root: Buffer.alloc(32, 7) },
    ]) {
      writeFileSync(later, checkpointOf(old));
      for (const { name, run } of verifiers)
        expect(run('--old', later, 'tiles', honest, key).line, name).to.match(/^FAULT growth at 600: /);
    }
    writeFileSync(
      later,
      checkpointOf({ size: 5, root, origin: 'log.example.kz/tereze/1' }, [signerOf(1, 'log.example.kz/tereze/1')]),
    );
    for (const { name, run } of verifiers)
      expect(
        run('--old', later, 'tiles', honest, key, signerOf(1, 'log.example.kz/tereze/1').verifierKey).line,
        name,
      ).to.match(/^FAULT checkpoint at -: /);
  });
});
