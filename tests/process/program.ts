import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../gateway/state/package-root.js';

/**
 * The first as in the first line of `bin/tereze.js`. The second compiles Cedar once, without optimising it: a quarter of
 * the processor time of a start, which a program that answers a few questions does not gain back.
 */
const FLAGS = ['--max-semi-space-size=64', '--liftoff-only'];

/** A `tereze` command as a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** Exit code; null when a signal ended it. */
  readonly exit: Promise<number | null>;
  /** What it printed so far. */
  readonly said: () => { readonly out: string; readonly error: string };
  /** The first line of its output, parsed; rejects with what it said when it ended without one. */
  ready<T>(): Promise<T>;
}

export function runTereze(parameters: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(process.execPath, [...FLAGS, join(packageRoot(), 'bin', 'tereze.js'), ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    child,
    exit,
    said: () => ({ out, error }),
    ready: async <T>() => {
      let ended = false;
      void exit.then(() => (ended = true));
      while (!out.includes('\n')) {
        if (ended) throw new Error(`it ended: ${error}`);
        await sleep(20);
      }
      return JSON.parse(out.slice(0, out.indexOf('\n'))) as T;
    },
  };
}

/** Dead, or only waiting to be collected by its parent. */
export function hasEnded(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));
  } catch {
    return true;
  }
}

/** Resolves with true once the process has ended. The time limit of the test ends the wait. */
export async function untilEnded(pid: number): Promise<boolean> {
  while (!hasEnded(pid)) await sleep(25);
  return true;
}
