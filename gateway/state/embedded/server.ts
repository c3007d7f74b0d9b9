import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, openSync, closeSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../durable-file.js';
import { StateFailure } from '../state-failure.js';
import { findBinaries, type Binaries } from './binaries.js';
import { lockDirectory } from './directory-lock.js';
import { prepareLayout, type Layout } from './layout.js';
import { endPostmaster, postmasterPid, tellPostmaster } from './postmaster.js';
import { askServerState, becomesReady } from './readiness.js';
import { chooseRunAs, type RunAs } from './run-as.js';
import { supervise, type SupervisionEvent } from './supervise.js';

/** How to reach a server as one of its roles; what `pg` takes. */
export interface ConnectionSettings {
  /** Folder of the socket, or an address. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface EmbeddedServer {
  readonly owner: ConnectionSettings;
  readonly runtime: ConnectionSettings;
  /** True when a server left behind by a killed process was taken over. */
  readonly adopted: boolean;
  /** Ends the server (fast shutdown) and lets go of the directory. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly directory: string;
  /** Also listens on 127.0.0.1 at this port; by default there is no TCP at all. */
  readonly tcp?: { readonly port: number };
  /** Told when the server ended under its holder, and of what became of it. */
  readonly onSupervised?: (event: SupervisionEvent) => void;
}

const OWNER = 'tereze_owner';
const RUNTIME = 'tereze_runtime';
const DATABASE = 'postgres';
const PORT = 5432;
/** Time in which a server must say something: that it is there, or that it is recovering. */
const START_LIMIT_MS = 15_000;
const SUPERVISE_MS = 1_000;

/**
 * Starts, or adopts, the PostgreSQL of a directory, on a Unix socket below it. One process at a time
 * may hold a directory; the server is a process group of its own, so that Ctrl-C reaches Tereze
 * first and everything in flight can still be written. When it ends under its holder it is started again.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const layout = prepareLayout(options.directory);
  const lock = lockDirectory(layout.directory);
  let isStopping = false;
  const starting: Starting = {
    tcpPort: options.tcp?.port,
    isStopping: () => isStopping,
  };
  const run = (): Promise<boolean> => adoptOrStart(layout, starting);
  // However this process exits: only one that is killed leaves a server behind, for the next start to adopt.
  const onExit = (): void => tellPostmaster(layout.data);
  process.once('exit', onExit);
  try {
    const adopted = await run();
    const supervision = supervise({
      isRunning: () => postmasterPid(layout.data) !== undefined,
      start: run,
      onEvent: (event) => options.onSupervised?.(event),
      everyMs: SUPERVISE_MS,
    });
    const stop = async (): Promise<void> => {
      isStopping = true;
      await supervision.stop();
      await endPostmaster(layout.data);
      process.off('exit', onExit);
      lock.release();
    };
    const port = options.tcp?.port ?? PORT;
    return { owner: settings(layout, OWNER, port), runtime: settings(layout, RUNTIME, port), adopted, stop };
  } catch (error) {
    process.off('exit', onExit);
    lock.release();
    throw error;
  }
}

/** How to reach the running server of a directory, for commands beside the gateway; undefined when none runs. */
export function attachEmbedded(directory: string): Pick<EmbeddedServer, 'owner' | 'runtime'> | undefined {
  if (!existsSync(join(directory, 'data'))) return undefined;
  const layout = prepareLayout(directory);
  if (postmasterPid(layout.data) === undefined) return undefined;
  return { owner: settings(layout, OWNER), runtime: settings(layout, RUNTIME) };
}

function settings(layout: Layout, role: typeof OWNER | typeof RUNTIME, port = PORT): ConnectionSettings {
  const password = role === OWNER ? layout.ownerPassword : layout.runtimePassword;
  return { host: layout.sockets, port, user: role, password, database: DATABASE };
}

/** How a server is started. */
interface Starting {
  readonly tcpPort: number | undefined;
  /** True once the server is no longer wanted. */
  readonly isStopping: () => boolean;
}

async function adoptOrStart(layout: Layout, starting: Starting): Promise<boolean> {
  const { tcpPort, isStopping } = starting;
  const isEnded = (): boolean => isStopping() || postmasterPid(layout.data) === undefined;
  if (!isEnded()) {
    // A server that listens elsewhere than asked is of no use: it ends and starts again.
    if (tcpPort === undefined && (await isReady(layout, PORT, isEnded))) return true;
    await endPostmaster(layout.data);
  }
  const binaries = findBinaries();
  const runAs = chooseRunAs();
  initialise(layout, binaries, runAs);
  await start(layout, binaries, runAs, starting);
  return false;
}

/** Makes the cluster where there is none: beside its place, and put there when it is whole and on disk. */
function initialise(layout: Layout, { initdb }: Binaries, runAs: RunAs): void {
  if (existsSync(join(layout.data, 'PG_VERSION'))) return;
  const made = `${layout.data}.new`;
  // What an interrupted initdb left is not a cluster.
  for (const left of [made, layout.data]) rmSync(left, { recursive: true, force: true });
  mkdirSync(made, { mode: 0o700 });
  const passwordFile = join(layout.directory, 'initdb.password');
  writeFileSync(passwordFile, layout.ownerPassword, { mode: 0o600 });
  runAs.own(layout.directory);
  const run = command(runAs, initdb, [
    '-D',
    made,
    '-U',
    OWNER,
    `--pwfile=${passwordFile}`,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-instructions',
  ]);
  const done = spawnSync(run.program, run.parameters, { ...identity(runAs), encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (done.status !== 0)
    throw new StateFailure('START_FAILED', 'initdb failed', { hint: (done.stderr || String(done.error ?? '')).trim() });
  renameSync(made, layout.data);
  syncFolder(layout.directory);
}

async function start(
  layout: Layout,
  { postgres }: Binaries,
  runAs: RunAs,
  { tcpPort, isStopping }: Starting,
): Promise<void> {
  chmodSync(layout.sockets, 0o700);
  runAs.own(layout.sockets);
  const listen =
    tcpPort === undefined ? ['-c', 'listen_addresses='] : ['-c', 'listen_addresses=127.0.0.1', '-p', String(tcpPort)];
  const run = command(runAs, postgres, [
    '-D',
    layout.data,
    '-k',
    layout.sockets,
    ...listen,
    '-c',
    'fsync=on',
    '-c',
    'synchronous_commit=on',
    '-c',
    'full_page_writes=on',
    '-c',
    'timezone=UTC',
    '-c',
    'log_timezone=UTC',
  ]);
  const log = openSync(layout.log, 'a', 0o600);
  const child = spawn(run.program, run.parameters, { ...identity(runAs), detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  let exited = false;
  child.once('exit', () => (exited = true));
  child.once('error', () => (exited = true));
  if (await isReady(layout, tcpPort ?? PORT, () => exited || isStopping())) return;
  await endPostmaster(layout.data);
  throw new StateFailure('START_FAILED', 'the embedded PostgreSQL did not start', {
    hint: `It says why in ${layout.log}.`,
  });
}

function command(
  runAs: RunAs,
  program: string,
  parameters: readonly string[],
): { program: string; parameters: string[] } {
  const [first = program, ...rest] = [...runAs.prefix, program, ...parameters];
  return { program: first, parameters: rest };
}

function identity({ uid, gid }: RunAs): { uid?: number; gid?: number } {
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

function isReady(layout: Layout, port: number, hasEnded: () => boolean): Promise<boolean> {
  const owner = settings(layout, OWNER, port);
  return becomesReady({ ask: () => askServerState(owner), hasEnded, limitMs: START_LIMIT_MS });
}
