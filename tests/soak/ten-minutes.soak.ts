import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeServices } from '@theguild/federation-composition';
import { expect } from 'chai';
import { parse } from 'graphql';
import { Pool } from 'undici';
import { runTereze, type Program } from '../process/program.js';
import { sizeOf, tell } from './figures.js';

const SECONDS = sizeOf('SOAK_SECONDS', 600);
const CONNECTIONS = 200;
const PEOPLE = 300;
/** Resident memory at most, and its growth from a fifth of the run to its end. */
const MOST_MIB = 700;
const MOST_GROWTH = 1.05;

const HEAD = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';
const SERVICES = {
  people: `${HEAD} type Query { people: [Person] } type Person @key(fields: "id") { id: ID! name: String places: [Place!] } type Place { city: String street: String house: Int }`,
  money: `${HEAD} type Person @key(fields: "id") { id: ID! incomes: [Income!] } type Income { year: Int amount: Int payer: String }`,
};
const QUESTION = '{ people { id name places { city street house } incomes { year amount payer } } }';

const person = (id: number) => ({
  __typename: 'Person',
  id: String(id),
  name: `Person ${id} of the soak run`,
  places: [1, 2].map((house) => ({ city: 'Karaganda', street: `Street of builders ${id}`, house })),
});
const money = (id: string) => ({
  __typename: 'Person',
  incomes: [2023, 2024].map((year) => ({ year, amount: Number(id) * year, payer: 'Zhezkazgan cleaning works' })),
});

interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

describe(`a gateway asked over ${CONNECTIONS} connections for ${SECONDS} s`, function () {
  this.timeout((SECONDS + 120) * 1000);
  const servers: Server[] = [];
  let folder: string;
  let gateway: Program;
  let url: string;

  const serve = async (
    answer: (variables: Readonly<Record<string, unknown>>, alias: string) => unknown,
  ): Promise<string> => {
    const server = createServer((request, response) => {
      void json(request).then((body) => {
        const { query, variables = {} } = body as Asked;
        // Calls in groups name each list of entities.
        const alias = /(\w+): _entities/.exec(query)?.[1] ?? '_entities';
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ data: answer(variables, alias) }));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  before(async () => {
    const people = Array.from({ length: PEOPLE }, (_, id) => person(id));
    const composed = composeServices([
      { name: 'people', url: await serve(() => ({ people })), typeDefs: parse(SERVICES.people) },
      {
        name: 'money',
        url: await serve((variables, alias) => ({
          [alias]: Object.values(variables).flatMap((keys) => (keys as { id: string }[]).map(({ id }) => money(id))),
        })),
        typeDefs: parse(SERVICES.money),
      },
    ]);
    folder = mkdtempSync(join(tmpdir(), 'tereze-soak-'));
    writeFileSync(join(folder, 'supergraph.graphql'), composed.supergraphSdl ?? '');
    gateway = runTereze(
      ['serve', '--json', '--supergraph', join(folder, 'supergraph.graphql'), '--port', '0', '--ungoverned'],
      { NODE_OPTIONS: '--max-semi-space-size=64' },
    );
    url = (await gateway.ready<{ url: string }>()).url;
  });
  after(async () => {
    gateway.child.kill('SIGTERM');
    await gateway.exit;
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve).closeAllConnections())));
    rmSync(folder, { recursive: true, force: true });
  });

  const residentMib = (): number =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8'))?.[1]) / 1024;

  it('answers all of them alike, in memory that does not grow', async function () {
    if (process.platform !== 'linux') this.skip();
    const pool = new Pool(new URL(url).origin, { connections: CONNECTIONS });
    const ask = async (): Promise<string> => {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUESTION }),
      });
      return `${statusCode} ${(await body.text()).replace(/"requestId":"[^"]+"/, '')}`;
    };
    const expected = await ask();
    expect(expected).to.match(/^200 /).and.not.to.contain('errors');
    const until = performance.now() + SECONDS * 1000;
    const seen = { answered: 0, otherwise: 0 };
    const client = async (): Promise<void> => {
      while (performance.now() < until) seen[(await ask()) === expected ? 'answered' : 'otherwise'] += 1;
    };
    const resident: number[] = [];
    const look = async (): Promise<void> => {
      for (let tenth = 0; tenth < 10; tenth += 1) {
        await sleep(SECONDS * 100);
        resident.push(residentMib());
      }
    };
    await Promise.all([look(), ...Array.from({ length: CONNECTIONS }, client)]);
    await pool.close();
    tell({
      'bytes of an answer': expected.length,
      ...seen,
      'MiB resident at each tenth': resident.map(Math.round).join(' '),
    });
    expect(seen.otherwise).to.equal(0);
    expect(Math.max(...resident)).to.be.lessThan(MOST_MIB);
    expect((resident.at(-1) ?? Infinity) / (resident[1] ?? 1)).to.be.lessThan(MOST_GROWTH);
  });
});
