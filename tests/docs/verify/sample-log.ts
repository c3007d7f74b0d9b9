import { createPrivateKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeTiles } from '../../../monitoring/audit/export/write-tiles.js';
import { formatCheckpoint } from '../../../monitoring/audit/tree/checkpoint.js';
import { createNoteSigner, signNote, type NoteSigner } from '../../../monitoring/audit/tree/note.js';

export const ORIGIN = 'log.example.kz/tereze/0';

/** Returns the signer of a key that a number stands for. */
export function signerOf(number: number, name = ORIGIN): NoteSigner {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, number)]);
  return createNoteSigner(name, createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
}

/** Returns entries of different lengths, the longest and the shortest that a log may have among the first. */
export function sampleEntries(size: number): readonly Uint8Array[] {
  return Array.from({ length: size }, (_, index) => {
    if (index === 1) return Buffer.alloc(65_535, 0x61);
    return Buffer.from(JSON.stringify({ index, text: 'ж'.repeat(index % 7) }));
  });
}

/** A directory of tiles, and what it was made of. */
export interface SampleLog {
  readonly directory: string;
  readonly entries: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Writes entries as a directory of tiles with its signed checkpoint. */
export async function writeSample(
  directory: string,
  entries: readonly Uint8Array[],
  signers = [signerOf(1)],
): Promise<SampleLog> {
  const write = (path: string, bytes: Uint8Array | string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), bytes);
  };
  const { size, root } = await writeTiles(pagesOf(entries), async (path, bytes) => write(path, bytes));
  write('checkpoint', checkpointOf({ size, root }, signers));
  return { directory, entries, root };
}

export function checkpointOf(
  { size, root, origin = ORIGIN }: { readonly size: number; readonly root: Uint8Array; readonly origin?: string },
  signers = [signerOf(1)],
): string {
  return signNote(formatCheckpoint({ origin, size, root }), signers);
}

async function* pagesOf(entries: readonly Uint8Array[]): AsyncGenerator<readonly Uint8Array[]> {
  for (let from = 0; from < entries.length; from += 1_000) yield entries.slice(from, from + 1_000);
}
