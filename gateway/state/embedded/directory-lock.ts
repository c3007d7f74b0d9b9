import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDurably } from '../durable-file.js';
import { StateFailure } from '../state-failure.js';

/** Holds a data directory for this process. */
export interface DirectoryLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** The process's start in clock ticks since boot, if the system knows it: another process may have got the same number since. */
  readonly startedAt: string | null;
}

/**
 * Takes the directory for this process. Throws `DIRECTORY_IN_USE` with the process that holds it. A holder that no
 * longer runs is replaced, also if its file is empty: a crash of the machine leaves such a file, and a running holder
 * has written all of it.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const path = pathIn(directory);
  const left = readIfThere(path);
  assertNotHeld(directory, left);
  // Removed only if it was read: a file that was absent above may by now be that of a running process.
  if (left !== undefined) rmSync(path, { force: true });
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) });
  try {
    createDurably(path, mine);
  } catch (error) {
    throw inUse(directory, holderIn(readIfThere(path) ?? '') ?? { pid: 0, startedAt: null }, error);
  }
  return {
    release: () => {
      if (readFileSync(path, 'utf8') === mine) rmSync(path, { force: true });
    },
  };
}

/** Throws `DIRECTORY_IN_USE` with the process that holds the directory, if one does. Takes nothing. */
export function assertDirectoryFree(directory: string): void {
  assertNotHeld(directory, readIfThere(pathIn(directory)));
}

function assertNotHeld(directory: string, left: string | undefined): void {
  const holder = left === undefined ? undefined : holderIn(left);
  if (holder !== undefined && isAlive(holder)) throw inUse(directory, holder);
}

function pathIn(directory: string): string {
  return join(directory, 'holder.json');
}

function inUse(directory: string, { pid }: Holder, cause?: unknown): StateFailure {
  return new StateFailure('DIRECTORY_IN_USE', `process ${pid} already runs on ${directory}`, {
    hint: 'End it first, or name another directory.',
    cause,
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Holder;
    return Number.isInteger(pid) && pid > 0 ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startedAt === null || startOf(pid) === startedAt;
}

/** Field 22 of /proc/PID/stat (proc(5)); the command's name before it may hold spaces and brackets. */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
