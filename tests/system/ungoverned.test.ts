import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { composeServices } from '@theguild/federation-composition';
import { expect } from 'chai';
import { graphql, parse, type GraphQLSchema } from 'graphql';
import { buildSubgraphSchema } from '../../demo/registers/subgraph-schema.js';
import type { Gateway } from '../../gateway/compose/app.js';
import { startUngoverned } from '../../gateway/compose/ungoverned.js';
import { rejection } from '../rejection.js';

const HEAD = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';

const PEOPLE = `${HEAD}
  scalar Anything
  type Query { person(id: ID!, note: Anything): Person people(since: Int! = 2): [Person] }
  type Mutation { push(item: Int!): [Int!] }
  type Person @key(fields: "id") { id: ID! name: String nickname: String! notes: Anything grid: [[Int]] }`;
const MONEY = `${HEAD}
  type Person @key(fields: "id") { id: ID! income: Int }`;

interface Asked {
  readonly service: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

describe('a gateway over any supergraph, ungoverned', () => {
  const asked: Asked[] = [];
  const pushed: number[] = [];
  const people = [
    { id: '1', name: '2', nickname: 'one', notes: { deep: [1, { more: true }] }, grid: [[1, 2], [], null] },
    { id: '2', name: 'Two', nickname: null, notes: null, grid: null },
  ];
  const services: Server[] = [];
  let folder: string;
  let gateway: Gateway;
  const lines: string[] = [];

  const serve = async (service: string, schema: GraphQLSchema): Promise<string> => {
    const server = createServer(
      (request, response) =>
        void answer(service, schema, request).then((body) =>
          response.setHeader('Content-Type', 'application/json').end(body),
        ),
    );
    services.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  async function answer(service: string, schema: GraphQLSchema, request: IncomingMessage): Promise<string> {
    const { query, variables } = (await json(request)) as { query: string; variables: Record<string, unknown> };
    asked.push({ service, variables });
    return JSON.stringify(await graphql({ schema, source: query, variableValues: variables }));
  }

  const ask = async (query: string, more: Readonly<Record<string, unknown>> = {}) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, ...more }),
    });
    return (await response.json()) as {
      data?: unknown;
      errors?: { path?: unknown; extensions: { code: string; reasons: string[] } }[];
    };
  };

  before(async () => {
    const personSchema = buildSubgraphSchema({
      typeDefs: parse(PEOPLE),
      resolvers: {
        Query: {
          person: (_: unknown, { id }: { id: string }) => people.find((one) => one.id === id),
          people: () => people,
        },
        Mutation: {
          push: (_: unknown, { item }: { item: number }) => {
            pushed.push(item);
            return [...pushed];
          },
        },
        Person: { __resolveReference: ({ id }: { id: string }) => people.find((one) => one.id === id) },
      },
    });
    const moneySchema = buildSubgraphSchema({
      typeDefs: parse(MONEY),
      resolvers: { Person: { __resolveReference: ({ id }: { id: string }) => ({ id, income: Number(id) * 100 }) } },
    });
    const composed = composeServices([
      { name: 'people', url: await serve('people', personSchema), typeDefs: parse(PEOPLE) },
      { name: 'money', url: await serve('money', moneySchema), typeDefs: parse(MONEY) },
    ]);
    folder = mkdtempSync(join(tmpdir(), 'tereze-ungoverned-'));
    writeFileSync(join(folder, 'supergraph.graphql'), composed.supergraphSdl ?? '');
    gateway = await startUngoverned(
      { supergraph: join(folder, 'supergraph.graphql'), port: 0 },
      { log: { write: (line) => void lines.push(line) } },
    );
  });
  beforeEach(() => {
    asked.length = 0;
    pushed.length = 0;
  });
  after(async () => {
    await gateway.stop();
    for (const server of services) server.close();
    rmSync(folder, { recursive: true });
  });

  it('refuses null for an argument that has a default before any call, and leaves the default to the service', async () => {
    const text = 'query ($since: Int) { people(since: $since) { name } }';
    const refused = await ask(text, { variables: { since: null } });
    expect(refused.errors?.[0]?.extensions).to.deep.include({ code: 'BAD_USER_INPUT' });
    expect(refused.data).to.equal(undefined);
    expect(asked).to.deep.equal([]);
    expect((await ask(text)).errors).to.equal(undefined);
    expect(asked).to.deep.equal([{ service: 'people', variables: {} }]);
  });

  it('passes numbers on as they were sent, or refuses them', async () => {
    const raw = async (query: string, variable: string) => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: `{"query":${JSON.stringify(query)},"variables":{"v":${variable}}}`,
      });
      return (await response.json()) as { errors?: { extensions: { code: string } }[] };
    };
    const byId = 'query ($v: ID!) { person(id: $v) { name } }';
    const byNote = 'query ($v: Anything) { person(id: "1", note: $v) { name } }';
    for (const [query, variable, arrived] of [
      [byId, '9007199254740991', '9007199254740991'],
      [byId, '"9007199254740993"', '9007199254740993'],
      [byNote, '{"n":[0.1,"9007199254740993"]}', { n: [0.1, '9007199254740993'] }],
    ] as const) {
      asked.length = 0;
      expect((await raw(query, variable)).errors).to.equal(undefined);
      expect(Object.values(asked[0]?.variables ?? {})).to.deep.equal([arrived]);
    }
    asked.length = 0;
    for (const [query, variable] of [
      [byId, '9007199254740993'],
      [byId, '12345678901234567.89'],
      [byNote, '9007199254740993'],
      [byNote, '{"n":[12345678901234567.89]}'],
    ] as const)
      expect((await raw(query, variable)).errors?.[0]?.extensions.code, variable).to.equal('BAD_USER_INPUT');
    expect(asked).to.deep.equal([]);
  });

  it('does not start over a supergraph with access directives', async () => {
    const file = join(folder, 'guarded.graphql');
    const sdl = readFileSync(join(folder, 'supergraph.graphql'), 'utf8');
    writeFileSync(file, sdl.replace('income: Int', 'income: Int @authenticated'));
    const line = sdl.slice(0, sdl.indexOf('income: Int')).split('\n').length;
    const started = startUngoverned({ supergraph: file, port: 0 });
    expect(await rejection(started)).to.have.property(
      'message',
      `${file}:${line}: Tereze does not enforce @authenticated, so what it protects must not be served. Remove it, and say who may read by a category and the rules of access`,
    );
  });

  it('joins services, without asking who asks', async () => {
    expect((await ask('{ people { name income } }')).data).to.deep.equal({
      people: [
        { name: '2', income: 100 },
        { name: 'Two', income: 200 },
      ],
    });
    expect(asked.map(({ service }) => service)).to.deep.equal(['people', 'money']);
  });

  it('warns of lists that nothing bounds', () => {
    expect(lines.map((line) => JSON.parse(line) as unknown))
      .to.have.length(1)
      .and.to.satisfy(
        ([line]: { event: string; lists: number }[]) =>
          line?.event === 'schema.lists_without_bound' && line.lists === 3,
      );
  });

  it('listens on loopback only', () => {
    expect(new URL(gateway.url).hostname).to.equal('127.0.0.1');
    expect(new URL(gateway.operationsUrl).hostname).to.equal('127.0.0.1');
  });

  it('never takes a client’s alias for an entity’s key: the next service is asked about the same person', async () => {
    const { data } = await ask('{ person(id: "1") { x: id id: name income } }');
    expect(data).to.deep.equal({ person: { x: '1', id: '2', income: 100 } });
    expect(asked[1]?.variables).to.deep.equal({ representations_0: [{ __typename: 'Person', id: '1' }] });
  });

  it('carries out mutations in order', async () => {
    expect((await ask('mutation { a: push(item: 1) b: push(item: 2) }')).data).to.deep.equal({ a: [1], b: [1, 2] });
  });

  it('answers about the schema beside data, under the client’s keys and conditions', async () => {
    const query =
      'query($with: Boolean!) { kind: __type(name: "Person") { n: name } person(id: "2") { name } ... @include(if: $with) { __schema { queryType { name } } } t: __typename }';
    expect((await ask(query, { variables: { with: false } })).data).to.deep.equal({
      kind: { n: 'Person' },
      person: { name: 'Two' },
      t: 'Query',
    });
    expect((await ask(query, { variables: { with: true } })).data).to.deep.equal({
      kind: { n: 'Person' },
      person: { name: 'Two' },
      __schema: { queryType: { name: 'Query' } },
      t: 'Query',
    });
  });

  it('still asks whether something is there of which conditions leave nothing', async () => {
    const query =
      'query($no: Boolean!) { a: person(id: "1") { name @include(if: $no) } b: person(id: "9") { name @include(if: $no) } people { income @include(if: $no) ... @skip(if: true) { name } } }';
    expect(await ask(query, { variables: { no: false } }))
      .to.deep.include({ data: { a: {}, b: null, people: [{}, {}] } })
      .and.not.to.have.property('errors');
    expect(asked.map(({ service }) => service)).to.deep.equal(['people']);
  });

  it('asks no service for what is only about the schema', async () => {
    expect((await ask('{ __schema { types { name } } __typename }')).errors).to.equal(undefined);
    expect(asked).to.deep.equal([]);
  });

  it('takes a scalar of a service’s own and lists in lists as they are, and a null where none may be up to the nearest place that may', async () => {
    expect((await ask('{ person(id: "1") { notes grid } }')).data).to.deep.equal({
      person: { notes: { deep: [1, { more: true }] }, grid: [[1, 2], [], null] },
    });
    const { data, errors } = await ask('{ people { nickname } }');
    expect(data).to.deep.equal({ people: [{ nickname: 'one' }, null] });
    expect(errors?.map(({ path }) => path)).to.deep.equal([['people', 1]]);
  });

  it('refuses subscriptions, and aliases that the gateway keeps for itself', async () => {
    for (const query of ['subscription { people { id } }', '{ __proto__: people { id } }', '{ _a_x: people { id } }']) {
      const { data, errors } = await ask(query);
      expect(data, query).to.equal(undefined);
      expect(errors?.[0]?.extensions.code, query).to.equal('GRAPHQL_VALIDATION_FAILED');
    }
    expect(asked).to.deep.equal([]);
  });

  it('has no consents and no handles', async () => {
    for (const path of ['/consents', '/handles'])
      expect((await fetch(`${gateway.url}${path}`, { method: 'POST' })).status, path).to.equal(404);
  });
});
