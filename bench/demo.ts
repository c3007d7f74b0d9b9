import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../gateway/state/package-root.js';

/** First of the ports that measurements use; the gateway's is fifty above. */
export const BASE_PORT = 24_100;

/** The demo, as a process of its own. */
export interface Running {
  readonly directory: string;
  stop(): Promise<void>;
}

export async function startDemo(): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-bench-'));
  const child = fork(
    join(packageRoot(), 'bin', 'tereze.js'),
    ['demo', '--json', '--directory', directory, '--base-port', String(BASE_PORT)],
    {
      execArgv: ['--max-semi-space-size=64'],
      env: { ...process.env, PORT: String(BASE_PORT + 50) },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the demo did not start')));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  return { directory, stop };
}
