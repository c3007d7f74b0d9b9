import { fork, type ChildProcess } from 'node:child_process';
import { CommandFailure } from './command-failure.js';

/** What the demo country says when it is ready. */
export interface CountryReady {
  /** The gateway's configuration that it wrote. */
  readonly config: string;
  /** Its servers, by name. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly showcase: readonly Showcase[];
}

/** A command to copy, and what it shows. */
export interface Showcase {
  readonly title: string;
  readonly command: string;
}

/** The country, in a process of its own. */
export interface CountryProcess {
  readonly ready: CountryReady;
  /** Resolves when the process ended, for any reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const STOP_LIMIT_MS = 10_000;

/**
 * Starts the country by name. It is its own process group, so that Ctrl-C reaches the gateway
 * first, and it ends itself when this process is gone (its IPC channel closes).
 */
export async function startCountryProcess(
  program: string,
  { directory, basePort }: { readonly directory: string; readonly basePort: string },
  environment: NodeJS.ProcessEnv,
): Promise<CountryProcess> {
  const child = fork(
    program,
    ['--directory', directory, '--base-port', basePort, '--gateway-port', environment['PORT'] ?? '4000'],
    {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await readiness(child);
  return { ready, ended, stop: () => stop(child, ended) };
}

function readiness(child: ChildProcess): Promise<CountryReady> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as CountryReady));
    child.once('error', (error) =>
      reject(new CommandFailure('failed', `the demo country cannot be started (${error.name})`)),
    );
    child.once('exit', () => reject(new CommandFailure('failed', 'the demo country did not start; it says why above')));
  });
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(limit);
}
