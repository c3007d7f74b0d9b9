import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { percentile } from './figures.js';

/**
 * Builds of Tereze that govern nothing, beside the hand-written reference of the measuring harness, in interleaved rounds:
 * CPU of a request and requests a second, as ratios within each round. Every answer is checked. `HARNESS` is a copy of
 * the harness whose mocks run (README); each `CHECKOUT` is built.
 * `npm run bench:beside -- HARNESS NAME=CHECKOUT [NAME=CHECKOUT...]`
 */

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const SECONDS = Number(process.env['SECONDS'] ?? 4);
/** How long each server is warmed up with each load: compiled code costs a fraction of code that is not compiled yet. */
const WARM_SECONDS = Number(process.env['WARM'] ?? SECONDS);
const CONNECTIONS = Number(process.env['CONNECTIONS'] ?? 50);
const LOADS = (process.env['LOADS'] ?? 'one-text,one-id,many-text,many-id,big-text').split(',');
/** The first port of the harness, and the first of this command. */
const HARNESS_PORT = Number(process.env['BENCH_PORT_BASE'] ?? 4200);
const OWN_PORT = HARNESS_PORT + 700;
const START_MS = 60_000;

/** What this command takes from the harness. */
interface Harness {
  readonly start: (name: string, args: readonly string[], options: object) => { readonly pid: number };
  readonly stopAll: () => Promise<void>;
  readonly tree: (pid: number) => readonly number[];
  readonly cpuSeconds: (pids: readonly number[]) => number;
  readonly rssMiB: (pids: readonly number[]) => number;
  readonly wrk: (options: object) => Promise<WrkResult>;
  readonly scenarios: Readonly<Record<ScenarioName, Scenario>>;
}

type ScenarioName = 'federation' | 'registers';

interface Scenario {
  readonly limit: string;
  readonly peers: readonly {
    readonly name: string;
    readonly start: (port: number) => readonly { readonly args: readonly string[]; readonly env?: object }[];
  }[];
  readonly loads: Readonly<Record<string, { readonly requests: readonly Request[] }>>;
}

interface Request {
  readonly body: string;
  readonly expected: () => unknown;
}

interface WrkResult {
  readonly requests: number;
  readonly seconds: number;
  readonly badStatus: number;
  readonly badBody: number;
  readonly socketErrors: number;
  readonly timeouts: number;
}

/** A server that is measured. */
interface Peer {
  readonly name: string;
  readonly scenario: ScenarioName;
  readonly url: string;
  readonly pid: number;
  readonly isReference: boolean;
}

/** One server under one load, with the file of its questions. */
interface Turn {
  readonly peer: Peer;
  readonly load: string;
  readonly file: string;
}

interface Sample {
  readonly load: string;
  readonly round: number;
  readonly name: string;
  readonly cpuMs: number;
  readonly perSecond: number;
  readonly rssMiB: number;
  readonly failed: number;
}

async function openHarness(directory: string): Promise<Harness> {
  const files = ['procs', 'wrk', 'scenarios'].map(
    (name) => pathToFileURL(resolve(directory, 'lib', `${name}.mjs`)).href,
  );
  const parts = await Promise.all(files.map((file) => import(file) as Promise<object>));
  return Object.assign({}, ...parts) as Harness;
}

const scenarioOf = (load: string): ScenarioName => (load.startsWith('big') ? 'federation' : 'registers');

/** Questions of a load for a server: by the id of a trusted document where the load says so. The reference knows none. */
function requestsFor({ isReference }: Pick<Peer, 'isReference'>, load: string, harness: Harness): readonly Request[] {
  const [size = '', way] = load.split('-');
  const requests = harness.scenarios[scenarioOf(load)].loads[size]?.requests ?? [];
  if (way !== 'id' || isReference) return requests;
  const documentId = size === 'one' ? 'Citizen' : 'Citizens';
  return requests.map(({ body, expected }) => {
    const { variables } = JSON.parse(body) as { readonly variables: unknown };
    return { body: JSON.stringify({ documentId, variables }), expected };
  });
}

/** Writes configuration and supergraph with the ports of the harness, and returns the options of `serve`. */
function serveOptions(scenario: ScenarioName, port: number, harness: string, scratch: string): readonly string[] {
  const moved = (text: string): string =>
    text.replace(/127\.0\.0\.1:42(\d\d)/g, (_, last: string) => `127.0.0.1:${HARNESS_PORT + Number(last)}`);
  if (scenario === 'federation') {
    const file = join(scratch, 'supergraph.graphql');
    writeFileSync(file, moved(readFileSync(join(harness, 'fed', 'supergraph.graphql'), 'utf8')));
    return ['--supergraph', file, '--port', String(port)];
  }
  const bench = resolve('bench');
  const file = join(scratch, `${port}.yaml`);
  const config = moved(readFileSync(join(bench, 'registers.yaml'), 'utf8'))
    .replace('port: 4000', `port: ${port}`)
    .replace(/directory: (registers|operations)/g, (_, name: string) => `directory: ${join(bench, name)}`);
  writeFileSync(file, config);
  return ['--config', file];
}

async function ask({ url }: Peer, body: string): Promise<{ readonly text: string; readonly answer: unknown }> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as { readonly data: unknown; readonly errors?: unknown };
  return { text, answer: errors === undefined ? { data } : { data, errors } };
}

async function untilReady(peer: Peer, body: string): Promise<void> {
  for (const until = performance.now() + START_MS; ; await sleep(200)) {
    const isReady = await ask(peer, body).then(
      ({ text }) => text.startsWith('{"data"'),
      () => false,
    );
    if (isReady) return;
    if (performance.now() > until) throw new Error(`${peer.name} does not answer`);
  }
}

async function checkAnswers(peer: Peer, requests: readonly Request[]): Promise<void> {
  for (const { body, expected } of requests.slice(0, 5)) {
    const { answer, text } = await ask(peer, body);
    if (!isDeepStrictEqual(answer, expected())) throw new Error(`${peer.name} answers wrongly: ${text.slice(0, 300)}`);
  }
}

async function measure({ peer, load, file }: Turn, seconds: number, harness: Harness): Promise<Omit<Sample, 'round'>> {
  const pids = harness.tree(peer.pid);
  const before = harness.cpuSeconds(pids);
  const seen = await harness.wrk({ url: peer.url, connections: CONNECTIONS, seconds, bodiesFile: file });
  return {
    load,
    name: peer.name,
    cpuMs: ((harness.cpuSeconds(pids) - before) / seen.requests) * 1_000,
    perSecond: seen.requests / seen.seconds,
    rssMiB: harness.rssMiB(pids),
    failed: seen.badStatus + seen.badBody + seen.socketErrors + seen.timeouts,
  };
}

function median(values: readonly number[]): number {
  return percentile(
    [...values].sort((one, other) => one - other),
    0.5,
  );
}

/** Median of the ratios of each round, with the least and the greatest. */
function ratioTo(other: string, key: 'cpuMs' | 'perSecond', own: readonly Sample[], all: readonly Sample[]): string {
  const ratios = own.flatMap((sample) => {
    const beside = all.find(
      ({ load, round, name }) => load === sample.load && round === sample.round && name === other,
    );
    return beside === undefined ? [] : [sample[key] / beside[key]];
  });
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`;
}

function report(samples: readonly Sample[], first: string, reference: string): void {
  console.log(
    `load average ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`,
  );
  for (const load of LOADS) {
    for (const name of new Set(samples.map((sample) => sample.name))) {
      const own = samples.filter((sample) => sample.load === load && sample.name === name);
      if (own.length === 0) continue;
      const columns = [
        `${load} ${name}`.padEnd(24),
        `CPU ${median(own.map(({ cpuMs }) => cpuMs)).toFixed(2)} ms`,
        `${median(own.map(({ perSecond }) => perSecond)).toFixed(0)}/s`,
        `CPU of reference ${ratioTo(reference, 'cpuMs', own, samples)}`,
        `requests of reference ${ratioTo(reference, 'perSecond', own, samples)}`,
        `CPU of ${first} ${ratioTo(first, 'cpuMs', own, samples)}`,
        `${Math.max(...own.map(({ rssMiB }) => rssMiB)).toFixed(0)} MiB`,
        `failed ${own.reduce((sum, { failed }) => sum + failed, 0)}`,
      ];
      console.log(columns.join('  '));
    }
  }
}

const REFERENCE = 'reference';

function startPeers(
  checkouts: readonly string[],
  directory: string,
  scratch: string,
  harness: Harness,
): readonly Peer[] {
  let port = OWN_PORT;
  return [...new Set(LOADS.map(scenarioOf))].flatMap((scenario) => {
    const { peers, limit } = harness.scenarios[scenario];
    const builds = checkouts.map((checkout): Peer => {
      const [name = '', path = ''] = checkout.split('=', 2);
      const own = port++;
      const bin = join(resolve(path), 'bin', 'tereze.js');
      const options = serveOptions(scenario, own, directory, scratch);
      const args = ['--max-semi-space-size=64', bin, 'serve', ...options, '--ungoverned'];
      const { pid } = harness.start(name, args, { cwd: scratch });
      return { name, scenario, url: `http://127.0.0.1:${own}/graphql`, pid, isReference: false };
    });
    const own = port++;
    const [started] = peers.find(({ name }) => name === limit)?.start(own) ?? [];
    const { pid } = harness.start(limit, started?.args ?? [], { env: started?.env });
    return [...builds, { name: REFERENCE, scenario, url: `http://127.0.0.1:${own}/graphql`, pid, isReference: true }];
  });
}

/** Writes the questions of each load for each server, checks their answers and warms the servers up. */
async function prepare(peers: readonly Peer[], scratch: string, harness: Harness): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  for (const load of LOADS) {
    for (const peer of peers.filter(({ scenario }) => scenario === scenarioOf(load))) {
      const requests = requestsFor(peer, load, harness);
      await untilReady(peer, requests[0]?.body ?? '');
      await checkAnswers(peer, requests);
      const file = join(scratch, `${peer.name}-${load}`);
      writeFileSync(file, `${requests.map(({ body }) => body).join('\n')}\n`);
      turns.push({ peer, load, file });
      await measure({ peer, load, file }, WARM_SECONDS, harness);
    }
  }
  return turns;
}

/** Measures every server under every load, in each round another one first. */
async function measureAll(turns: readonly Turn[], harness: Harness): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const load of LOADS) {
      const list = turns.filter((turn) => turn.load === load);
      const first = round % list.length;
      for (const turn of [...list.slice(first), ...list.slice(0, first)])
        samples.push({ round, ...(await measure(turn, SECONDS, harness)) });
    }
  }
  return samples;
}

async function main([directory, ...checkouts]: readonly string[]): Promise<void> {
  if (directory === undefined || checkouts.length === 0)
    throw new Error('usage: npm run bench:beside -- HARNESS NAME=CHECKOUT [NAME=CHECKOUT...]');
  const harness = await openHarness(directory);
  const scratch = mkdtempSync(join(tmpdir(), 'tereze-beside-'));
  try {
    const turns = await prepare(startPeers(checkouts, resolve(directory), scratch, harness), scratch, harness);
    report(await measureAll(turns, harness), checkouts[0]?.split('=', 1)[0] ?? '', REFERENCE);
  } finally {
    await harness.stopAll();
    rmSync(scratch, { recursive: true });
  }
}

await main(process.argv.slice(2));
