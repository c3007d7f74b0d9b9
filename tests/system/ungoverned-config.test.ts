import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { json, parseObject } from '../../demo/registers/http-register.js';
import type { Gateway } from '../../gateway/compose/app.js';
import { UNGOVERNED } from '../../gateway/config/forms/ungoverned.js';
import { readConfigAs } from '../../gateway/config/read-config.js';
import { startUngovernedConfig } from '../../gateway/compose/ungoverned.js';
import { CompositionFailure } from '../../schemas/catalogue/compose.js';
import { served, type Served } from '../demo/registers/served.js';
import { rejection } from '../rejection.js';

const HEAD = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n';
const SCHEMAS = {
  people: `${HEAD}type Query { citizen(iin: ID!): Citizen citizens(iins: [ID!]!): [Citizen]! }\ntype Citizen @key(fields: "iin") { iin: ID! name: String }`,
  tax: `${HEAD}type Citizen @key(fields: "iin") { iin: ID! income: Int }`,
};
const source = (field: string, roots = '{}'): string =>
  `protocol: rest\napi_key_header: X-Api-Key\nread: { key: iin }\nbatch: { path: /batch, keys: iins, items: items, max: 500 }\nroots: ${roots}\ntypes: { Citizen: { key: iin, fields: { iin: iin, ${field}: ${field} } } }\n`;
const RECORDS: Readonly<Record<string, object>> = {
  1: { iin: '1', name: 'One', income: 100 },
  2: { iin: '2', name: 'Two', income: 200 },
};

describe('a gateway over a configuration’s registers, ungoverned', () => {
  const headers: Readonly<Record<string, unknown>>[] = [];
  const registers: Served[] = [];
  let folder: string;
  let gateway: Gateway;

  const write = (file: string, text: string): void => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const start = async (): Promise<Gateway> =>
    startUngovernedConfig(await readConfigAs(UNGOVERNED, join(folder, 'u.yaml'), {}));
  const ask = async (body: object) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  };
  /** All that a client sees of an answer, but what differs from request to request, and the line's end that Apollo Server adds. */
  const exchange = async (body: object, accept: string) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: accept },
      body: JSON.stringify(body),
    });
    const headers = Object.fromEntries(
      [...response.headers].filter(([name]) => name !== 'date' && name !== 'content-length'),
    );
    return {
      status: response.status,
      headers,
      body: (await response.text()).trimEnd().replace(/"requestId":"[^"]*"/, ''),
    };
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-ungoverned-'));
    for (const name of ['people', 'tax']) {
      registers.push(
        await served((meter) => (request) => {
          const iins = (parseObject(request.body)?.['iins'] as string[] | undefined) ?? [];
          meter.count(name, iins);
          headers.push(request.headers);
          return json(200, { items: iins.map((iin) => RECORDS[iin] ?? null) });
        }),
      );
    }
    const [people, tax] = registers.map(({ url }) => url);
    write('registers/people/schema.graphql', SCHEMAS.people);
    write('registers/people/source.yaml', source('name', '{ citizen: iin, citizens: iins }'));
    write('registers/tax/schema.graphql', SCHEMAS.tax);
    write('registers/tax/source.yaml', source('income'));
    write('operations/Known.graphql', 'query Known($iin: ID!) { citizen(iin: $iin) { name income } }');
    write('operations/Known.yaml', 'owner: test\npurposes: [ungoverned]\nallowed: [ungoverned]\n');
    write(
      'u.yaml',
      `version: 1\nenvironment: test\nserver: { port: 0, operations: { port: 0 } }\nsupergraph: { directory: registers }\ndocuments: { directory: operations }\nregisters:\n  people: { protocol: rest, url: "${people}" }\n  tax: { protocol: rest, url: "${tax}" }\n`,
    );
    gateway = await start();
  });
  beforeEach(() => {
    headers.length = 0;
    for (const { meter } of registers) meter.reset();
  });
  after(async () => {
    await gateway.stop();
    await Promise.all(registers.map(({ listener }) => listener.close()));
    rmSync(folder, { recursive: true });
  });

  it('answers from several registers, each asked once, and proves to none who asks', async () => {
    const { data } = await ask({ query: '{ citizens(iins: ["2", "3", "1", "2"]) { iin name income } }' });
    expect(data).to.deep.equal({
      citizens: [
        { iin: '2', name: 'Two', income: 200 },
        null,
        { iin: '1', name: 'One', income: 100 },
        { iin: '2', name: 'Two', income: 200 },
      ],
    });
    expect(registers.map(({ meter }) => meter.stats().calls)).to.deep.equal([1, 1]);
    expect(headers.every((sent) => sent['x-api-key'] === undefined && sent['authorization'] === undefined)).to.equal(
      true,
    );
  });

  it('reads one record where a register has no way for single ones', async () => {
    expect((await ask({ query: '{ citizen(iin: "1") { name income } }' })).data).to.deep.equal({
      citizen: { name: 'One', income: 100 },
    });
    expect((await ask({ query: '{ citizen(iin: "3") { name income } }' })).data).to.deep.equal({ citizen: null });
  });

  it('answers trusted documents by id', async () => {
    expect((await ask({ documentId: 'Known', variables: { iin: '2' } })).data).to.deep.equal({
      citizen: { name: 'Two', income: 200 },
    });
    expect((await ask({ documentId: 'Unknown' })).errors?.[0]?.extensions.code).to.equal('DOCUMENT_NOT_FOUND');
  });

  it('answers a trusted document, which needs no host, as Apollo Server answers its text', async () => {
    const query = 'query Known($iin: ID!) { citizen(iin: $iin) { name income } }';
    for (const accept of [
      '*/*',
      'application/json',
      'application/graphql-response+json',
      'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
    ]) {
      const [byId, byText] = await Promise.all(
        [{ documentId: 'Known' }, { query }].map((asked) => exchange({ ...asked, variables: { iin: '1' } }, accept)),
      );
      expect(byId, accept).to.deep.equal(byText);
    }
  });

  it('does not start over a field that only a governed gateway derives', async () => {
    const link = 'extend schema @link(url: "https://tereze.kz/governance/v1.0", import: ["@derived"])\n';
    write(
      'registers/tax/schema.graphql',
      `${HEAD}${link}type Citizen @key(fields: "iin") { iin: ID! income: Int incomeClass: String @derived(from: ["income"], by: "incomeClass") }`,
    );
    const failure = await rejection(start());
    write('registers/tax/schema.graphql', SCHEMAS.tax);
    expect(failure).to.be.instanceOf(CompositionFailure);
  });
});
