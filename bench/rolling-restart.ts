import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { systemClock } from '../gateway/compose/clock.js';
import { migrationFolders } from '../gateway/compose/migration-folders.js';
import { startEmbedded, type ConnectionSettings, type EmbeddedServer } from '../gateway/state/embedded/server.js';
import { migrateState } from '../gateway/state/migrate-state.js';
import { packageRoot } from '../gateway/state/package-root.js';
import { createSql } from '../gateway/state/pool.js';
import { ensureEmbeddedRoles } from '../gateway/state/roles.js';
import { STEADY, writeInstallation, type Ports } from './crowd/installation.js';
import { Issuer } from './crowd/issuer.js';
import type { SteadyReport, SteadyWork } from './crowd/steady.js';
import { figures } from './figures.js';
import { people } from './people.js';
import type { ProxyReport, ProxyWork } from './rolling-restart/proxy.js';

/**
 * Two replicas behind a proxy, restarted one after the other while questions come at a steady rate:
 * what callers lose. Once behind a proxy that asks for readiness, once behind one that does not.
 * `npm run bench:rolling-restart`
 *
 * `PER_SECOND` (100), `ROUNDS` (2) restarts of both replicas in each run.
 */

const PER_SECOND = Number(process.env['PER_SECOND'] ?? 100);
const ROUNDS = Number(process.env['ROUNDS'] ?? 2);
const PORT = 24_300;
const PROXY = PORT;
const DATABASE_PORT = PORT + 5;
const COMMON = { issuer: PORT + 1, persons: PORT + 2, archive: PORT + 3, agency: PORT + 4 };
const REPLICAS: readonly Ports[] = [10, 20].map((offset) => ({
  ...COMMON,
  gateway: PORT + offset,
  operations: PORT + offset + 1,
}));
const PROBE_EVERY_MS = 500;
/** Time between two restarts, in which both replicas serve. */
const BETWEEN_MS = 3_000;
/** Longer than a restart takes on a busy machine, in seconds. */
const PER_RESTART_S = 30;

const directory = mkdtempSync(join(tmpdir(), 'tereze-rolling-'));
// The embedded PostgreSQL does not run as root.
chmodSync(directory, 0o755);
const issuer = new Issuer(COMMON.issuer);
const children = new Set<ChildProcess>();
const program = (folder: string, name: string, ...args: string[]): ChildProcess =>
  kept(fork(join(packageRoot(), 'dist', 'bench', folder, name), args, { execArgv: [] }));

let database: EmbeddedServer | undefined;
try {
  database = await openDatabase();
  await measure(urlOf(database.runtime));
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all([...children].map(untilEnded));
  issuer.stop();
  await database?.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function measure(databaseUrl: string): Promise<void> {
  await issuer.start();
  program('crowd', 'surroundings.js', JSON.stringify(COMMON));
  const files = REPLICAS.map((ports, number) => installation(number, ports, databaseUrl));
  const replicas = await Promise.all(files.map((file, number) => start(number, file)));
  console.log(`${PER_SECOND} questions a second, two replicas restarted ${ROUNDS} times each`);
  console.log(
    '| proxy | asked | answered | failed | p50, p99, ms | sent and lost at the proxy | not taken | connections, ended by answers | stopping took, s |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const probeEveryMs of [PROBE_EVERY_MS, undefined]) await run(replicas, files, probeEveryMs);
}

async function run(
  replicas: ChildProcess[],
  files: readonly string[],
  probeEveryMs: number | undefined,
): Promise<void> {
  const proxy = program('rolling-restart', 'proxy.js');
  proxy.send({
    port: PROXY,
    replicas: REPLICAS.map(({ gateway, operations }) => ({ port: gateway, operations })),
    probeEveryMs,
  } satisfies ProxyWork);
  await once(proxy, 'message');
  const steady = program('crowd', 'steady.js');
  const reported = once(steady, 'message') as Promise<[SteadyReport]>;
  const restarts = ROUNDS * replicas.length;
  steady.send({
    party: issuer.party(STEADY),
    port: PROXY,
    from: '127.0.0.2',
    perSecond: PER_SECOND,
    seconds: Number(process.env['SECONDS'] ?? restarts * PER_RESTART_S),
    iins: people(),
  } satisfies SteadyWork);
  await sleep(BETWEEN_MS);
  const took: number[] = [];
  for (let restart = 0; restart < restarts; restart += 1) {
    const number = restart % replicas.length;
    const replica = replicas[number];
    if (replica === undefined) continue;
    const startedAt = performance.now();
    replica.kill('SIGTERM');
    await untilEnded(replica);
    took.push((performance.now() - startedAt) / 1_000);
    if (replica.exitCode !== 0) console.log(`replica ${number} ended with ${replica.exitCode ?? replica.signalCode}`);
    replicas[number] = await start(number, files[number] ?? '');
    await sleep(BETWEEN_MS);
  }
  const [{ taken, failed }] = await reported;
  const report = once(proxy, 'message') as Promise<[ProxyReport]>;
  proxy.send('report');
  const [{ lost, notTaken, connected, closed }] = await report;
  steady.disconnect();
  proxy.disconnect();
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([what, times]) => `${what}: ${times}`)
      .join(', ') || '0';
  const lostTimes = Object.values(failed).reduce((sum, times) => sum + times, 0);
  const { p50, p99 } = figures(taken);
  console.log(
    [
      '',
      probeEveryMs === undefined ? 'asks for nothing' : `asks for readiness every ${probeEveryMs} ms`,
      taken.length,
      `${(((taken.length - lostTimes) * 100) / taken.length).toFixed(3)} %`,
      list(failed),
      `${p50.toFixed(1)}, ${p99.toFixed(1)}`,
      list(lost),
      notTaken,
      `${connected}, ${closed}`,
      took.map((seconds) => seconds.toFixed(1)).join(' '),
      '',
    ]
      .join(' | ')
      .trim(),
  );
}

/** Writes the configuration of a replica: reached at the proxy's address, with the database that both have. */
function installation(number: number, ports: Ports, databaseUrl: string): string {
  const file = writeInstallation(join(directory, `replica-${number}`), ports, databaseUrl);
  const config = parse(readFileSync(file, 'utf8')) as { server: object; authentication: { systems: object[] } };
  // Beyond the rate of the measurement, which is a caller's own.
  for (const system of config.authentication.systems)
    Object.assign(system, { requests_per_second: 10 * PER_SECOND, burst: 10 * PER_SECOND });
  config.server = { ...config.server, public_url: `http://127.0.0.1:${PROXY}`, proxies: ['127.0.0.1'] };
  if (number > 0) writeFileSync(join(directory, `replica-${number}`, 'gateway.secret'), secretOf(0), { mode: 0o600 });
  writeFileSync(file, stringify(config));
  return file;
}

function secretOf(number: number): string {
  return readFileSync(join(directory, `replica-${number}`, 'gateway.secret'), 'utf8');
}

async function start(number: number, file: string): Promise<ChildProcess> {
  const replica = kept(
    spawn(
      process.execPath,
      ['--max-semi-space-size=64', join(packageRoot(), 'bin', 'tereze.js'), 'serve', '--config', file],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    ),
  );
  let said = '';
  replica.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
  while (replica.exitCode === null) {
    const answered = await fetch(`http://127.0.0.1:${REPLICAS[number]?.gateway ?? 0}/health/live`).catch(
      () => undefined,
    );
    await answered?.arrayBuffer();
    if (answered?.ok) return replica;
    await sleep(200);
  }
  throw new Error(`the gateway did not start: ${said}`);
}

async function openDatabase(): Promise<EmbeddedServer> {
  const server = await startEmbedded({ directory: join(directory, 'postgres'), tcp: { port: DATABASE_PORT } });
  const owner = createSql({ connection: server.owner, maxConnections: 1 });
  await ensureEmbeddedRoles(owner, server.runtime.password);
  await owner.close();
  await migrateState({
    databaseUrl: urlOf(server.runtime),
    databaseAdminUrl: urlOf(server.owner),
    directory: server.owner.host,
    migrations: migrationFolders(),
    clock: systemClock({ timeZone: 'UTC' }),
  });
  return server;
}

function urlOf({ user, password, database: name }: ConnectionSettings): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${DATABASE_PORT}/${name}`;
}

function kept(child: ChildProcess): ChildProcess {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function untilEnded(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
