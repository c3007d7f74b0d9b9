import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../../schemas/error-code.js';
import { withDeadline } from '../../../schemas/with-deadline.js';
import { PlaceFailure, type Place, type PlaceFault, type StoredText, type TextName, type Written } from './place.js';

export interface DirectoryPlaceOptions {
  readonly name: string;
  readonly directory: string;
  /** Limit of one call, in milliseconds. */
  readonly timeoutMs: number;
  /** Tells the drafts of this process from those of others. */
  readonly writer: string;
}

/** Versions of a text that are kept, so that no reader finds none while another one is written. */
const KEPT_VERSIONS = 2;

/**
 * A directory, on this machine or mounted from another. It is never made: a disk that is not mounted is
 * unreachable, not empty.
 *
 * Each version of a text is a file of its own, `head.12`. It is written under another name, synced, and
 * then linked under its name, which fails if another writer was first (link(2)), also over NFS. The highest
 * version counts.
 */
export class DirectoryPlace implements Place {
  readonly name: string;
  readonly #options: DirectoryPlaceOptions;
  #underWay = false;
  #drafts = 0;

  constructor(options: DirectoryPlaceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  read(text: TextName): Promise<StoredText | undefined> {
    return this.#bounded(async () => {
      for (let before: number | undefined; ;) {
        const newest = (await this.#versions(text)).at(-1);
        if (newest === undefined) return undefined;
        try {
          return { content: await readFile(this.#path(text, newest), 'utf8'), version: String(newest) };
        } catch (error) {
          // Others may have replaced and deleted it since. The same one twice is a fault of the directory.
          if (codeOf(error) !== 'ENOENT' || newest === before) throw error;
          before = newest;
        }
      }
    });
  }

  write(text: TextName, content: string, replaces: string | undefined): Promise<Written> {
    return this.#bounded(async () => {
      const version = replaces === undefined ? 1 : Number(replaces) + 1;
      if ((await this.#versions(text)).some((known) => known >= version)) return { outcome: 'conflict' };
      if (!(await this.#link(this.#path(text, version), content))) return { outcome: 'conflict' };
      const versions = await this.#versions(text);
      // The version may have been made and deleted by others since it was looked for. A higher one counts.
      if (versions.some((known) => known > version)) return { outcome: 'conflict' };
      await this.#sync();
      await Promise.all(
        versions
          .filter((known) => known <= version - KEPT_VERSIONS)
          .map((old) => rm(this.#path(text, old), { force: true })),
      );
      return { outcome: 'written', version: String(version) };
    });
  }

  close(): void {
    // Holds nothing open between two calls.
  }

  #path(text: TextName, version: number): string {
    return join(this.#options.directory, `${text}.${version}`);
  }

  /** Ascending. */
  async #versions(text: TextName): Promise<readonly number[]> {
    const versions = (await readdir(this.#options.directory)).flatMap((file) => {
      const [name, version, ...rest] = file.split('.');
      return name === text && rest.length === 0 && /^[1-9][0-9]{0,14}$/.test(version ?? '') ? [Number(version)] : [];
    });
    return versions.sort((a, b) => a - b);
  }

  /** Puts a synced file under a name. Resolves with false if the name is taken. */
  async #link(path: string, content: string): Promise<boolean> {
    this.#drafts += 1;
    const draft = join(this.#options.directory, `.${this.#options.writer}-${this.#drafts}.draft`);
    try {
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await link(draft, path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #sync(): Promise<void> {
    const folder = await open(this.#options.directory, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  /** A call that hangs occupies a thread of the process. So none begins before the one before it has ended. */
  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    const { name, timeoutMs } = this.#options;
    if (this.#underWay) throw new PlaceFailure(name, 'timeout');
    this.#underWay = true;
    const working = work()
      .catch((error: unknown) => {
        throw new PlaceFailure(name, FAULTS.get(codeOf(error) ?? '') ?? 'failed', { cause: error });
      })
      .finally(() => (this.#underWay = false));
    return withDeadline(working, timeoutMs, () => {
      throw new PlaceFailure(name, 'timeout');
    });
  }
}

const FAULTS: ReadonlyMap<string, PlaceFault> = new Map([
  ['ENOENT', 'unreachable'],
  ['ENOTDIR', 'unreachable'],
  ['ESTALE', 'unreachable'],
  ['EIO', 'unreachable'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['EROFS', 'denied'],
]);

/** Makes the directory of a place where a demo keeps it. */
export async function makePlaceDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}
