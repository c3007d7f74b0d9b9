import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { json, parseObject } from '../../demo/registers/http-register.js';
import { served, type Served } from '../demo/registers/served.js';
import { runTereze, untilEnded, type Program } from './program.js';

/** `server.workers`: processes that share an address. */
describe('a gateway of several processes', function () {
  this.timeout(60_000);
  let folder: string;
  let register: Served;
  let program: Program;
  let addresses: { url: string; operationsUrl: string };
  /** Whether the register keeps its answers back, and what lets them go. */
  let holds = false;
  const waiting: (() => void)[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-workers-'));
    register = await served(() => async ({ body }) => {
      if (holds) await new Promise<void>((resolve) => waiting.push(resolve));
      return json(200, {
        items: ((parseObject(body)?.['ids'] ?? []) as string[]).map((id) => ({ id, name: `N${id}` })),
      });
    });
    mkdirSync(join(folder, 'registers', 'people'), { recursive: true });
    writeFileSync(
      join(folder, 'registers', 'people', 'schema.graphql'),
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\ntype Query { person(id: ID!): Person }\ntype Person @key(fields: "id") { id: ID! name: String }\n',
    );
    writeFileSync(
      join(folder, 'registers', 'people', 'source.yaml'),
      'protocol: rest\napi_key_header: X-Api-Key\nread: { key: id }\nbatch: { path: /batch, keys: ids, items: items, max: 10 }\nroots: { person: id }\ntypes: { Person: { key: id, fields: { id: id, name: name } } }\n',
    );
    writeFileSync(
      join(folder, 'u.yaml'),
      `version: 1\nenvironment: test\nserver: { port: 0, workers: 2, operations: { port: 0 } }\nsupergraph: { directory: registers }\nregisters: { people: { protocol: rest, url: "${register.url}" } }\n`,
    );
    program = runTereze(['serve', '--config', join(folder, 'u.yaml'), '--ungoverned', '--json']);
    addresses = await program.ready();
  });
  after(async () => {
    program.child.kill('SIGKILL');
    await register.listener.close();
    rmSync(folder, { recursive: true });
  });

  const ask = async (): Promise<unknown> => {
    const response = await fetch(`${addresses.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Connection: 'close' },
      body: JSON.stringify({ query: '{ person(id: "1") { name } }' }),
    });
    return ((await response.json()) as { data: unknown }).data;
  };
  const isReady = async (): Promise<boolean> => (await fetch(`${addresses.operationsUrl}/health/ready`)).ok;
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!(await condition())) await sleep(50);
  };

  it('answers at one address, and tells the metrics of all of them at another', async () => {
    for (let time = 0; time < 4; time += 1) expect(await ask()).to.deep.equal({ person: { name: 'N1' } });
    expect(await isReady()).to.equal(true);
    const metrics = await (await fetch(`${addresses.operationsUrl}/metrics`)).text();
    expect(metrics).to.include('tereze_requests_total{surface="graphql",outcome="answered",code="none"} 4');
    expect(metrics).to.match(/tereze_register_calls_total\{register="people",outcome="answered"\} 4/);
  });

  it('begins a process again that ended by itself, and answers meanwhile', async () => {
    const line = program.said().error.length;
    const [, pid = ''] = /"pids":"(\d+)/.exec(program.said().error) ?? [];
    process.kill(Number(pid), 'SIGKILL');
    await until(async () => !(await isReady()));
    expect(await ask()).to.deep.equal({ person: { name: 'N1' } });
    await until(isReady);
    expect(program.said().error.slice(line)).to.include('"worker_ended"');
  });

  it('reloads all of them at SIGHUP, and none of them ends', async () => {
    program.child.kill('SIGHUP');
    expect(await ask()).to.deep.equal({ person: { name: 'N1' } });
    expect(await isReady()).to.equal(true);
  });

  it('answers what is in flight when the first process is killed, and ends with all of them', async () => {
    const other = runTereze(['serve', '--config', join(folder, 'u.yaml'), '--ungoverned', '--json']);
    try {
      const { url } = await other.ready<{ url: string }>();
      const pids = (/"pids":"([\d ]+)"/.exec(other.said().error)?.[1] ?? '').split(' ').map(Number);
      expect(pids).to.have.length(2);
      const before = waiting.length;
      holds = true;
      const asked = fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query: '{ person(id: "2") { name } }' }),
      });
      await until(async () => waiting.length > before);
      other.child.kill('SIGKILL');
      await other.exit;
      holds = false;
      waiting.forEach((go) => go());
      expect(((await (await asked).json()) as { data: unknown }).data).to.deep.equal({ person: { name: 'N2' } });
      for (const pid of pids) expect(await untilEnded(pid), `worker ${pid} has ended`).to.equal(true);
    } finally {
      holds = false;
      other.child.kill('SIGKILL');
    }
  });

  it('ends with all of them when it is told to', async () => {
    program.child.kill('SIGTERM');
    expect(await program.exit).to.equal(0);
    await until(() =>
      fetch(addresses.url).then(
        () => false,
        () => true,
      ),
    );
  });
});
