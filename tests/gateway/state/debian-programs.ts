import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../../demo/free-port.js';
import { chooseRunAs, type RunAs } from '../../../gateway/state/embedded/run-as.js';

/** Debian's own PostgreSQL 15 and PgBouncer (.ci/packages), the versions that an installation would have. */
const POSTGRES = '/usr/lib/postgresql/15/bin';
const PGBOUNCER = '/usr/sbin/pgbouncer';
const HOST = '127.0.0.1';
const LOOK_AGAIN_MS = 20;
const SUPERUSER = 'postgres';

/** What a suite with these programs needs (`needsPrograms`). */
export const DEBIAN_PROGRAMS = { postgres: join(POSTGRES, 'postgres'), pgbouncer: PGBOUNCER } as const;

export interface PostgresServer {
  readonly port: number;
  readonly data: string;
  /** Address of a database as a role. Every role signs in without a password. */
  url(role?: string, database?: string): string;
  /** One statement as the superuser. */
  ask(text: string, database?: string): Promise<readonly Record<string, unknown>[]>;
  /** Stops the process that receives from the primary, until `resume`. */
  pauseReceiving(): Promise<void>;
  resume(): void;
  restart(): Promise<void>;
  /** Ends the server at once. */
  stop(): Promise<void>;
}

/** Starts a primary in a folder below `directory`. `settings` are lines of postgresql.conf. */
export async function startPrimary(directory: string, settings: readonly string[] = []): Promise<PostgresServer> {
  const data = join(directory, 'primary');
  const runAs = chooseRunAs();
  mkdirSync(data, { recursive: true, mode: 0o700 });
  runAs.own(directory);
  run(runAs, 'initdb', ['-D', data, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions']);
  return startServer(runAs, data, settings);
}

/** Starts a standby of `primary` that calls itself `name`, as `synchronous_standby_names` would know it. */
export async function startStandby(directory: string, primary: PostgresServer, name: string): Promise<PostgresServer> {
  const data = join(directory, name);
  const runAs = chooseRunAs();
  run(runAs, 'pg_basebackup', [
    '-D',
    data,
    '-h',
    HOST,
    '-p',
    String(primary.port),
    '-U',
    SUPERUSER,
    '-R',
    '-c',
    'fast',
  ]);
  return startServer(runAs, data, [
    // By this name a standby introduces itself.
    `cluster_name = '${name}'`,
    'wal_retrieve_retry_interval = 100ms',
  ]);
}

async function startServer(runAs: RunAs, data: string, settings: readonly string[]): Promise<PostgresServer> {
  const port = await freePort(HOST);
  writeFileSync(
    join(data, 'tereze.conf'),
    [`port = ${port}`, `listen_addresses = '${HOST}'`, `unix_socket_directories = ''`, ...settings].join('\n'),
  );
  runAs.own(data);
  const url = (role = SUPERUSER, database = 'postgres'): string =>
    `postgresql://${encodeURIComponent(role)}@${HOST}:${port}/${database}`;
  const ask: PostgresServer['ask'] = async (text, database) => {
    const client = new pg.Client({ connectionString: url(SUPERUSER, database) });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const answered = await client.query<Record<string, unknown>>(text);
      return answered.rows;
    } finally {
      await client.end();
    }
  };
  const begin = async (): Promise<ChildProcess> => {
    const child = start(runAs, join(POSTGRES, 'postgres'), [
      '-D',
      data,
      '-c',
      `config_file=${join(data, 'tereze.conf')}`,
    ]);
    while (
      child.exitCode === null &&
      !(await ask('SELECT 1').then(
        () => true,
        () => false,
      ))
    )
      await sleep(LOOK_AGAIN_MS);
    if (child.exitCode !== null) throw new Error('PostgreSQL did not start');
    return child;
  };
  let child = await begin();
  let paused: number | undefined;
  const resume = (): void => {
    if (paused !== undefined) process.kill(paused, 'SIGCONT');
    paused = undefined;
  };
  const end = async (): Promise<void> => {
    resume();
    await ended(child, 'SIGQUIT');
  };
  return {
    port,
    data,
    url,
    ask,
    pauseReceiving: async () => {
      const [receiver] = await ask(`SELECT pid FROM pg_stat_wal_receiver`);
      paused = Number(receiver?.['pid']);
      process.kill(paused, 'SIGSTOP');
    },
    resume,
    restart: async () => {
      await ended(child, 'SIGINT');
      child = await begin();
    },
    stop: end,
  };
}

export interface Pooler {
  url(role: string, database?: string): string;
  stop(): Promise<void>;
}

/** Starts PgBouncer in transaction mode before a server. `settings` are lines of its configuration. */
export async function startPgBouncer(
  directory: string,
  server: PostgresServer,
  settings: readonly string[] = [],
): Promise<Pooler> {
  const port = await freePort(HOST);
  const runAs = chooseRunAs();
  const users = join(directory, 'users.txt');
  const config = join(directory, `pgbouncer-${port}.ini`);
  writeFileSync(users, ['"postgres" ""', '"gateway" ""', '"other" ""'].join('\n'));
  writeFileSync(
    config,
    [
      '[databases]',
      `* = host=${HOST} port=${server.port}`,
      '[pgbouncer]',
      `listen_addr = ${HOST}`,
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = trust',
      `auth_file = ${users}`,
      'pool_mode = transaction',
      // Fewer than the gateway's: sessions are shared between its connections.
      'default_pool_size = 3',
      'server_login_retry = 1',
      ...settings,
    ].join('\n'),
  );
  runAs.own(directory);
  const child = start(runAs, PGBOUNCER, ['-q', config]);
  const url: Pooler['url'] = (role, database = 'postgres') => `postgresql://${role}@${HOST}:${port}/${database}`;
  const answers = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: url(SUPERUSER) });
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  };
  while (child.exitCode === null && !(await answers())) await sleep(LOOK_AGAIN_MS);
  if (child.exitCode !== null) throw new Error('PgBouncer did not start');
  return { url, stop: () => ended(child, 'SIGTERM') };
}

/** Runs a client program of PostgreSQL to its end, as this user. */
export function runPostgres(program: 'pg_dump' | 'pg_restore', parameters: readonly string[]): void {
  execFileSync(join(POSTGRES, program), parameters, { stdio: 'pipe' });
}

function run(runAs: RunAs, program: string, parameters: readonly string[]): void {
  const [first = '', ...rest] = [...runAs.prefix, join(POSTGRES, program), ...parameters];
  execFileSync(first, rest, { ...identity(runAs), stdio: 'pipe' });
}

function start(runAs: RunAs, program: string, parameters: readonly string[]): ChildProcess {
  const [first = '', ...rest] = [...runAs.prefix, program, ...parameters];
  const child = spawn(first, rest, { ...identity(runAs), stdio: 'ignore' });
  // A run that ends early leaves no server behind.
  process.once('exit', () => child.kill('SIGQUIT'));
  return child;
}

function identity({ uid, gid }: RunAs): { uid?: number; gid?: number } {
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}
