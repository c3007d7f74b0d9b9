import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stateOptions } from '../gateway/cli/installed-state.js';
import { readConfig } from '../gateway/config/read-config.js';
import { packageRoot } from '../gateway/state/package-root.js';
import { attachState, type State } from '../gateway/state/open.js';
import type { CrowdAct, CrowdReport, CrowdWork } from './crowd/crowd.js';
import { HANGING, REFUSED, STEADY, writeInstallation, type Ports } from './crowd/installation.js';
import { Issuer } from './crowd/issuer.js';
import type { SteadyReport, SteadyWork } from './crowd/steady.js';
import { figures } from './figures.js';
import { people, strangers } from './people.js';

/**
 * What a crowd does to a legitimate caller: 50 questions a second about one person, by document id, from
 * one REST register, alone and beside each crowd, in turns. `npm run bench:crowd`
 *
 * Each crowd comes in two ways. In a closed loop each of its members goes on as soon as it is answered. This
 * also takes time of the two cores from the gateway, its database and the legitimate caller, so the same
 * crowd comes at a bounded rate as well.
 *
 * `ROUNDS` (2), `SECONDS` of each turn (10), `ONLY` a part of a crowd's name.
 */

const ROUNDS = Number(process.env['ROUNDS'] ?? 2);
const SECONDS = Number(process.env['SECONDS'] ?? 10);
const ONLY = process.env['ONLY'] ?? '';
const PER_SECOND = 50;
const PORT = 24_200;
const PORTS: Ports = {
  gateway: PORT,
  operations: PORT + 1,
  issuer: PORT + 2,
  persons: PORT + 3,
  archive: PORT + 4,
  agency: PORT + 5,
};
const LEGITIMATE = '127.0.0.2';
const FEW = Array.from({ length: 8 }, (_, number) => `127.0.0.${number + 3}`);
const MANY = Array.from({ length: 2_000 }, (_, number) => `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}`);
/** Time in which a crowd gathers before its effect is measured, in seconds. */
const GATHERING_S = 2;

/** A crowd, and the two ways in which it comes. */
interface Crowd {
  readonly name: string;
  readonly act: CrowdAct;
  readonly from: readonly string[];
  readonly count: number;
}

/** How fast a crowd goes on. */
interface Way {
  readonly name: string;
  /** Requests or connections a second of the whole crowd; undefined: as many as the answers allow. */
  readonly perSecond?: number;
  readonly keepsToRetryAfter?: boolean;
}

const BOUNDED = 300;
const CLOSED: Way = { name: 'closed loop' };
const WAYS: readonly Way[] = [CLOSED, { name: `${BOUNDED}/s`, perSecond: BOUNDED }];
/** A known caller has a rate, so it is bounded if it keeps to it. */
const CALLERS_WAYS: readonly Way[] = [CLOSED, { name: 'keeps to Retry-After', keepsToRetryAfter: true }];

/** Far beyond a caller's rate: most are told so, and the others are refused one by one. */
const BEYOND_RATE: Way = { name: '500/s', perSecond: 500 };

const EIGHT: readonly Crowd[] = [
  { name: '300 slow bodies', act: 'slow bodies', from: FEW, count: 300 },
  { name: '300 slow headers', act: 'slow headers', from: FEW, count: 300 },
  { name: '300 anonymous POSTs', act: 'anonymous POSTs', from: FEW, count: 300 },
  { name: '1,500 health probes', act: 'health probes', from: FEW, count: 1_500 },
  { name: '64 hanging questions of one caller', act: 'hanging questions', from: FEW, count: 64 },
];
const THOUSANDS: readonly Crowd[] = [
  { name: '2,000 slow bodies of 2,000 addresses', act: 'slow bodies', from: MANY, count: 2_000 },
  { name: '2,000 slow headers of 2,000 addresses', act: 'slow headers', from: MANY, count: 2_000 },
];
/** What one caller adds to the log by what is refused. */
const REFUSALS: readonly Crowd[] = [
  { name: 'refused questions of one caller', act: 'refused questions', from: FEW.slice(0, 1), count: 100 },
  {
    name: 'refused questions of one caller about thirty people',
    act: 'refused questions about thirty',
    from: FEW.slice(0, 1),
    count: 100,
  },
];
const SAME: readonly Crowd[] = EIGHT.map((crowd) => ({
  ...crowd,
  name: `${crowd.name}, from the caller's address`,
  from: [LEGITIMATE],
}));

interface Turn {
  readonly report: SteadyReport;
  readonly done: CrowdReport['done'];
  /** Bytes by which the tables of the log grew in a minute. */
  readonly growth: number;
  /** Shares of one core, of the gateway's process and of the crowd's. */
  readonly cpu: number;
  readonly crowdCpu: number;
}

const directory = mkdtempSync(join(tmpdir(), 'tereze-crowd-'));
// The embedded PostgreSQL does not run as root.
chmodSync(directory, 0o755);
const issuer = new Issuer(PORTS.issuer);
const children: ChildProcess[] = [];
const program = (name: string, ...args: string[]): ChildProcess => {
  const child = fork(join(packageRoot(), 'dist', 'bench', 'crowd', name), args, { execArgv: [] });
  children.push(child);
  return child;
};

try {
  await measure();
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map(untilEnded));
  issuer.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  await issuer.start();
  program('surroundings.js', JSON.stringify(PORTS));
  const file = writeInstallation(join(directory, 'installation'), PORTS, process.env['DATABASE_URL']);
  const gateway = spawn(
    process.execPath,
    ['--max-semi-space-size=64', join(packageRoot(), 'bin', 'tereze.js'), 'serve', '--config', file],
    { stdio: ['ignore', 'ignore', openSync(join(directory, 'gateway.log'), 'w')] },
  );
  children.push(gateway);
  await ready(gateway);
  const state = await attachState(stateOptions(await readConfig(file, process.env)));
  try {
    await turn({ gateway, state });
    const isWanted = ({ name }: Crowd): boolean => name.includes(ONLY);
    for (const crowd of REFUSALS.filter(isWanted)) await fillLog(crowd, state);
    const crowds = [...EIGHT, ...THOUSANDS, ...SAME].filter(isWanted);
    if (crowds.length === 0) return;
    console.log(
      `${PER_SECOND} questions a second from ${LEGITIMATE}, ${ROUNDS} rounds of ${SECONDS} s, in turns alone and beside the crowd`,
    );
    console.log(
      '| beside | answered | p50, p99 alone, ms | p50, p99 beside, ms | p99 ratio | log growth alone, beside, MB/min | gateway CPU alone, beside | crowd CPU | the crowd |',
    );
    console.log('|---|---|---|---|---|---|---|---|---|');
    for (const crowd of crowds) await compare(crowd, gateway, state);
  } finally {
    await state.close();
  }
}

/** Measures alone and beside each way of a crowd, in turns. */
async function compare(crowd: Crowd, gateway: ChildProcess, state: State): Promise<void> {
  const ways = crowd.act === 'hanging questions' ? CALLERS_WAYS : WAYS;
  const alone: Turn[] = [];
  const beside = ways.map((): Turn[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(await turn({ gateway, state }));
    for (const [number, way] of ways.entries())
      beside[number]?.push(await turn({ gateway, state, beside: { crowd, way } }));
  }
  for (const [number, way] of ways.entries())
    console.log(row(`${crowd.name}, ${way.name}`, alone, beside[number] ?? []));
}

/** Measures by how much the log grows while a crowd is alone. */
async function fillLog(crowd: Crowd, state: State): Promise<void> {
  const gathered = gather(crowd, BEYOND_RATE, strangers());
  await sleep(GATHERING_S * 1_000);
  const [size, at] = [await logSize(state), performance.now()];
  await sleep(SECONDS * 1_000);
  const grown = (await logSize(state)) - size;
  const seconds = (performance.now() - at) / 1_000;
  const done = Object.entries(await ended(gathered)).map(([what, times]) => `${what}: ${times}`);
  console.log(
    `${crowd.name}, ${BEYOND_RATE.name}: the log grows by ${((grown * 60) / seconds / 1_000_000).toFixed(2)} MB a minute, measured over ${seconds.toFixed(0)} s (${done.join(', ')})`,
  );
}

function row(name: string, alone: readonly Turn[], beside: readonly Turn[]): string {
  const taken = (turns: readonly Turn[]): readonly number[] => turns.flatMap(({ report }) => report.taken);
  const mean = (turns: readonly Turn[], pick: (one: Turn) => number): number =>
    turns.reduce((sum, one) => sum + pick(one), 0) / turns.length;
  const failed = beside.flatMap(({ report }) => Object.entries(report.failed));
  const asked = taken(beside).length;
  const lost = failed.reduce((sum, [, times]) => sum + times, 0);
  const before = figures(taken(alone));
  const after = figures(taken(beside));
  const crowd: Record<string, number> = {};
  for (const { done } of beside)
    for (const [what, times] of Object.entries(done)) crowd[what] = (crowd[what] ?? 0) + times;
  const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(2);
  const list = (counts: readonly (readonly [string, number])[]): string =>
    counts.map(([what, times]) => `${what}: ${times}`).join(', ');
  return [
    '',
    name,
    `${(((asked - lost) * 100) / asked).toFixed(2)} %${failed.length > 0 ? ` (${list(failed)})` : ''}`,
    `${before.p50.toFixed(1)}, ${before.p99.toFixed(1)}`,
    `${after.p50.toFixed(1)}, ${after.p99.toFixed(1)}`,
    (after.p99 / before.p99).toFixed(2),
    `${megabytes(mean(alone, ({ growth }) => growth))}, ${megabytes(mean(beside, ({ growth }) => growth))}`,
    `${mean(alone, ({ cpu }) => cpu).toFixed(2)}, ${mean(beside, ({ cpu }) => cpu).toFixed(2)}`,
    mean(beside, ({ crowdCpu }) => crowdCpu).toFixed(2),
    list(Object.entries(crowd)) || '-',
    '',
  ]
    .join(' | ')
    .trim();
}

interface TurnOptions {
  readonly gateway: ChildProcess;
  readonly state: State;
  /** Absent: the caller is alone. */
  readonly beside?: { readonly crowd: Crowd; readonly way: Way };
}

async function turn({ gateway, state, beside }: TurnOptions): Promise<Turn> {
  const iins = people();
  const gathered = beside === undefined ? undefined : gather(beside.crowd, beside.way, iins);
  await sleep(GATHERING_S * 1_000);
  const steady = program('steady.js');
  const cpuOfCrowd = (): number => (gathered === undefined ? 0 : cpuSeconds(gathered));
  const before = {
    size: await logSize(state),
    cpu: cpuSeconds(gateway),
    crowdCpu: cpuOfCrowd(),
    at: performance.now(),
  };
  steady.send({
    party: issuer.party(STEADY),
    port: PORTS.gateway,
    from: LEGITIMATE,
    perSecond: PER_SECOND,
    seconds: SECONDS,
    iins,
  } satisfies SteadyWork);
  const [report] = (await once(steady, 'message')) as [SteadyReport];
  const seconds = (performance.now() - before.at) / 1_000;
  const cpu = (cpuSeconds(gateway) - before.cpu) / seconds;
  const crowdCpu = (cpuOfCrowd() - before.crowdCpu) / seconds;
  const growth = (((await logSize(state)) - before.size) * 60) / seconds;
  const done = await ended(gathered);
  steady.disconnect();
  return { report, done, growth, cpu, crowdCpu };
}

function gather(
  { act, from, count }: Crowd,
  { perSecond, keepsToRetryAfter = false }: Way,
  iins: readonly string[],
): ChildProcess {
  const gathered = program('crowd.js');
  const party = issuer.party(act.startsWith('refused') ? REFUSED : HANGING);
  const work: CrowdWork = { act, from, count, perSecond, keepsToRetryAfter, port: PORTS.gateway, party, iins };
  gathered.send(work);
  return gathered;
}

async function ended(crowd: ChildProcess | undefined): Promise<CrowdReport['done']> {
  if (crowd === undefined) return {};
  const told = once(crowd, 'message') as Promise<[CrowdReport]>;
  crowd.send('stop');
  const [{ done }] = await told;
  await sleep(1_000);
  return done;
}

async function untilEnded(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Bytes of the log's tables with their indexes. */
async function logSize(state: State): Promise<number> {
  const { rows } = await state.sql.query<{ size: string }>(
    `SELECT sum(pg_total_relation_size(c.oid)) AS size FROM pg_class c WHERE c.relname IN ('audit_entry', 'audit_subject')`,
  );
  return Number(rows[0]?.size);
}

/** CPU time of a process, in seconds (proc(5), stat, in ticks of 10 ms). */
function cpuSeconds({ pid }: ChildProcess): number {
  const stat =
    readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(stat[11]) + Number(stat[12])) / 100;
}

async function ready(gateway: ChildProcess): Promise<void> {
  while (gateway.exitCode === null) {
    const answered = await fetch(`http://127.0.0.1:${PORTS.operations}/health/ready`).catch(() => undefined);
    if (answered?.ok) return;
    await sleep(200);
  }
  throw new Error(`the gateway did not start: ${readFileSync(join(directory, 'gateway.log'), 'utf8').slice(-2_000)}`);
}
