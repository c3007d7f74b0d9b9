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
  /** The process's start in clock ticks since boot, where the system tells: a number alone may have been given to another process since. */
  readonly startedAt: string | null;
}

/**
 * Takes the directory for this process. A holder that lives is named in `DIRECTORY_IN_USE`; one
 * that died without letting go is replaced, also where the machine's end left nothing of its file
 * but the name: whoever lives has written all of it.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const path = join(directory, 'holder.json');
  const left = readIfThere(path);
  const holder = left === undefined ? undefined : holderIn(left);
  if (holder !== undefined && isAlive(holder)) throw inUse(directory, holder);
  // Only what was read: what was not there may be there by now, and is somebody's who lives.
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
