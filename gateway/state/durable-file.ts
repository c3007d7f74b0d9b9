import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file, in place of an older one of its name: after a crash or a loss of power it is there
 * with all of its content, or as it was. On disk when this returns; readable for its owner only unless `mode` says otherwise.
 */
export function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): void {
  const draft = draftOf(path, content, mode);
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** The same for a file that must not be there yet: of several who try, one succeeds. Throws `EEXIST` for the others. */
export function createDurably(path: string, content: string): void {
  const draft = draftOf(path, content, 0o600);
  try {
    linkSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(path));
}

/** Puts on disk which files a folder has, and under which names. */
export function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function draftOf(path: string, content: string | Uint8Array, mode: number): string {
  const draft = `${path}.${process.pid}.draft`;
  // One left by a process of the same number that ended before it was done.
  rmSync(draft, { force: true });
  writeFileSync(draft, content, { mode, flag: 'wx', flush: true });
  return draft;
}
