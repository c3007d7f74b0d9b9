import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCountry } from '../demo/start.js';
import { systemClock } from '../gateway/compose/clock.js';
import { migrationFolders } from '../gateway/compose/migration-folders.js';
import { startEmbedded } from '../gateway/state/embedded/server.js';
import { migrateState } from '../gateway/state/migrate-state.js';
import { createSql } from '../gateway/state/pool.js';

/**
 * Data folders that take seconds to make: `cluster` is an empty PostgreSQL, `state` the gateway's with
 * its migrations, `country` the demo's with its keys and the loaded property register. They are made
 * once a run, at first need, and copied to the tests, each of which then starts on a copy of its own.
 */
type Made = 'cluster' | 'state' | 'country';

const LOOK_AGAIN_MS = 20;

/** Makes `directory` a data folder on which `startEmbedded` starts without `initdb`. */
export function copyCluster(directory: string): Promise<void> {
  return copyMade('cluster', directory);
}

/** Makes `directory` a state folder on which a gateway starts without migrations; it has served none yet. */
export function copyState(directory: string): Promise<void> {
  return copyMade('state', directory);
}

/** Makes `directory` one on which `startCountry` starts without making keys or loading the property register. */
export function copyCountry(directory: string): Promise<void> {
  return copyMade('country', directory);
}

async function copyMade(name: Made, directory: string): Promise<void> {
  const from = await made();
  mkdirSync(dirname(directory), { recursive: true });
  copy(join(from, name), directory);
}

/**
 * Copies with owners and modes: PostgreSQL reads only what is its user's, and closed to others. Zeros, which are most of
 * a write-ahead log, become holes: half of what a copy would cost.
 */
function copy(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  execFileSync('cp', ['-a', ...(process.platform === 'linux' ? ['--sparse=always'] : []), `${from}/.`, to]);
}

let own: string | undefined;

/** The folder of this run; a process that `scripts/test.mjs` did not start has one for itself. */
function runFolder(): string {
  return process.env['TEREZE_TEST_RUN'] ?? (own ??= ownFolder());
}

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tt-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes all of them, or waits until another process of this run has. */
async function made(): Promise<string> {
  const folder = join(runFolder(), 'made');
  const making = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (take(making)) await make(folder).finally(() => rmdirSync(making));
    else await sleep(LOOK_AGAIN_MS);
  }
  return folder;
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function make(folder: string): Promise<void> {
  const draft = `${folder}.new`;
  const [cluster, state, country] = (['cluster', 'state', 'country'] as const).map((name) => join(draft, name)) as [
    string,
    string,
    string,
  ];
  rmSync(draft, { recursive: true, force: true });
  await (await startEmbedded({ directory: cluster })).stop();
  copy(cluster, state);
  copy(cluster, join(country, 'property'));
  await migrateState({
    directory: state,
    migrations: migrationFolders(),
    clock: systemClock({ timeZone: 'UTC', factDate: undefined }),
  });
  await (await startCountry({ directory: country, ports: 'free' })).stop();
  for (const server of [state, join(country, 'property')]) await dropTemplates(server);
  // Where paths are long, a folder of sockets elsewhere is written down here: no two servers may share one.
  for (const server of [cluster, state, join(country, 'property')])
    rmSync(join(server, 'socket-folder'), { force: true });
  // The logs of the servers that ran here are full of what was recycled.
  const whole = `${draft}.whole`;
  renameSync(draft, whole);
  copy(whole, draft);
  rmSync(whole, { recursive: true });
  renameSync(draft, folder);
}

/** Leaves a server its one database: no test makes another on these, and the templates are two thirds of their files. */
async function dropTemplates(directory: string): Promise<void> {
  const server = await startEmbedded({ directory });
  const owner = createSql({ connection: server.owner, maxConnections: 1 });
  for (const name of ['template0', 'template1']) {
    await owner.query('UPDATE pg_database SET datistemplate = false WHERE datname = $1', [name]);
    await owner.query(`DROP DATABASE ${name}`);
  }
  await owner.close();
  await server.stop();
}
