import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../../../schemas/error-code.js';
import { tilePath, TILE_WIDTH } from '../tree/tiles.js';

/** A tile of 256 hashes, by its place. */
export interface FullTilePlace {
  readonly level: number;
  readonly number: number;
}

/**
 * Full tiles of one log as files, and the checkpoint up to which they are complete. A copy of what the database has:
 * it may be deleted, and is made again. Several processes may write one folder, because they write the same.
 */
export class TileStore {
  readonly #folder: string;
  readonly #writer: string;

  /** @param writer identifies this process among those that write the folder. */
  constructor(folder: string, writer: string) {
    this.#folder = folder;
    this.#writer = writer;
  }

  /** Resolves with the note of the checkpoint whose full tiles are all there, or undefined if none is. */
  async complete(): Promise<string | undefined> {
    return (await this.#read('checkpoint'))?.toString('utf8');
  }

  /** Notes that every full tile of this checkpoint is there. */
  async completed(note: string): Promise<void> {
    await this.#write('checkpoint', Buffer.from(note));
  }

  /** Resolves with the hashes of a full tile, or undefined if it is not there. */
  read({ level, number }: FullTilePlace): Promise<Buffer | undefined> {
    return this.#read(tilePath({ level, number, width: TILE_WIDTH }));
  }

  async write({ level, number }: FullTilePlace, hashes: Uint8Array): Promise<void> {
    await this.#write(tilePath({ level, number, width: TILE_WIDTH }), hashes);
  }

  /** Deletes all of it. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #read(path: string): Promise<Buffer | undefined> {
    return readFile(join(this.#folder, path)).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    });
  }

  /** On disk and whole, or not there. */
  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.#folder, path);
    const draft = `${file}.${this.#writer}`;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, bytes, { mode: 0o600, flush: true });
    await rename(draft, file);
  }
}
