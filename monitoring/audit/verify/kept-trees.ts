import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { numberOfLog } from '../log-name.js';
import { fromBase64, toBase64 } from '../tree/base64.js';
import { GrowingTree } from './growing-tree.js';
import type { VerifiedTree } from './verify-logs.js';

/** A file of {@link KeptTrees} that cannot be one. */
export class BrokenKeptTree extends Error {
  readonly path: string;
  constructor(path: string, cause: unknown) {
    super('the file of an earlier verification cannot be read', { cause });
    this.name = 'BrokenKeptTree';
    this.path = path;
  }
}

/**
 * What was verified of each log, in a folder: `0.json` for log 0. Who can write these files can make a verification skip
 * entries, so they belong where the owner of the database cannot write.
 */
export interface KeptTrees {
  /** Resolves with what was kept, or undefined. Rejects with {@link BrokenKeptTree}. */
  read(log: string): Promise<VerifiedTree | undefined>;
  /** Keeps it, with mode 0600. A crash leaves the earlier file. */
  keep(log: string, tree: VerifiedTree): Promise<void>;
}

const bytes = z.string().transform((text, context) => {
  const value = fromBase64(text);
  if (value === undefined) context.addIssue({ code: 'custom', message: 'not base64' });
  return value ?? new Uint8Array(0);
});

const file = z.strictObject({
  log: z.string(),
  size: z.int().min(0),
  root: bytes,
  lastTiles: z.array(z.strictObject({ level: z.int().min(0), bytes })),
});

export function keepTreesIn(folder: string): KeptTrees {
  const pathOf = (log: string): string => join(folder, `${numberOfLog(log)}.json`);
  return {
    read: async (log) => {
      const path = pathOf(log);
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw new BrokenKeptTree(path, error);
      });
      if (text === undefined) return undefined;
      try {
        const tree = file.parse(JSON.parse(text));
        GrowingTree.from(tree.size, tree.lastTiles);
        return tree.log === log ? tree : undefined;
      } catch (error) {
        throw new BrokenKeptTree(path, error);
      }
    },
    keep: async (log, { size, root, lastTiles }) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = `${pathOf(log)}.new`;
      const tiles = lastTiles.map(({ level, bytes: hashes }) => ({ level, bytes: toBase64(hashes) }));
      const text = JSON.stringify({ log, size, root: toBase64(root), lastTiles: tiles });
      await writeFile(draft, `${text}\n`, { mode: 0o600 });
      await rename(draft, pathOf(log));
    },
  };
}
