import type { BundleFile } from './bundle.js';

/** Size of a block of a tar archive (POSIX.1-1988, ustar). */
const BLOCK = 512;
const NAME_LENGTH = 100;
const MODE = '0000600';
const [SIZE_AT, SUM_AT, TYPE_AT, MAGIC_AT] = [124, 148, 156, 257];

/** Returns files as a tar archive (POSIX.1-1988, ustar), with mode 0600 and without times. Paths have at most 100 bytes. */
export async function* tarOf(files: AsyncIterable<BundleFile>): AsyncGenerator<Uint8Array> {
  for await (const { path, bytes } of files) {
    yield headOf(path, bytes.length);
    yield bytes;
    yield Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function headOf(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > NAME_LENGTH) throw new RangeError('a path of a bundle is too long for its archive');
  const head = Buffer.alloc(BLOCK);
  head.write(path, 0);
  head.write(`${MODE}\u00000000000\u00000000000\u0000`, NAME_LENGTH);
  head.write(`${size.toString(8).padStart(11, '0')}\u000000000000000\u0000`, SIZE_AT);
  head.write(' '.repeat(8), SUM_AT);
  head.write('0', TYPE_AT);
  head.write('ustar\u000000', MAGIC_AT);
  head.write(`${sumOf(head).toString(8).padStart(6, '0')}\u0000 `, SUM_AT);
  return head;
}

function sumOf(head: Buffer): number {
  return head.reduce((sum, byte) => sum + byte, 0);
}

/** An archive that was cut short, or is none of these. */
export class TarBroken extends Error {}

/** Returns the files of an archive that {@link tarOf} made, as they arrive. Rejects with {@link TarBroken}. */
export async function* filesOfTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<BundleFile> {
  let held = Buffer.alloc(0);
  const source = chunks[Symbol.asyncIterator]();
  const take = async (length: number): Promise<Buffer> => {
    const parts = [held];
    let size = held.length;
    while (size < length) {
      const next = await source.next();
      if (next.done === true) throw new TarBroken('the archive was cut short');
      parts.push(Buffer.from(next.value));
      size += next.value.length;
    }
    const all = Buffer.concat(parts);
    held = all.subarray(length);
    return all.subarray(0, length);
  };
  for (;;) {
    const head = await take(BLOCK);
    if (head.every((byte) => byte === 0)) break;
    const { path, size } = readHead(head);
    const bytes = await take(size);
    await take((BLOCK - (size % BLOCK)) % BLOCK);
    yield { path, bytes };
  }
  // To the end of what carries the archive: only there it is known to be whole.
  while ((await source.next()).done !== true);
}

function readHead(head: Buffer): { readonly path: string; readonly size: number } {
  const [path = ''] = head.toString('utf8', 0, NAME_LENGTH).split('\u0000');
  const size = Number.parseInt(head.toString('latin1', SIZE_AT, SIZE_AT + 11), 8);
  const sum = Number.parseInt(head.toString('latin1', SUM_AT, SUM_AT + 6), 8);
  const blank = Buffer.from(head).fill(' ', SUM_AT, SUM_AT + 8);
  if (sumOf(blank) !== sum || !Number.isSafeInteger(size)) throw new TarBroken('this is no archive of a bundle');
  return { path, size };
}
