import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { composeServices } from '@theguild/federation-composition';
import { expect } from 'chai';
import { parse } from 'graphql';
import type { Gateway } from '../../gateway/compose/app.js';
import { startUngoverned } from '../../gateway/compose/ungoverned.js';

const HEAD = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';
const GOODS = `${HEAD}
  scalar Decimal
  scalar BigInt
  scalar Anything
  type Query { item: Item }
  type Item @key(fields: "id") {
    id: ID! price: Decimal prices: [[Decimal]] serial: BigInt count: Int share: Float name: String sold: Boolean more: Anything
  }`;
const STOCK = `${HEAD}
  type Item @key(fields: "id") { id: ID! place: String }`;

describe('numbers of a service', () => {
  /** The JSON of the item, and of its entity in the other service. */
  let item: string;
  let entity: string;
  let asked: string[];
  const services: Server[] = [];
  let folder: string;
  let gateway: Gateway;

  const serve = async (answer: () => string): Promise<string> => {
    const server = createServer(
      (request, response) =>
        void text(request).then((body) => {
          asked.push(body);
          response.setHeader('Content-Type', 'application/json').end(answer());
        }),
    );
    services.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  before(async () => {
    const composed = composeServices([
      { name: 'goods', url: await serve(() => `{"data":{"item":${item}}}`), typeDefs: parse(GOODS) },
      { name: 'stock', url: await serve(() => `{"data":{"_e0":[${entity}]}}`), typeDefs: parse(STOCK) },
    ]);
    folder = mkdtempSync(join(tmpdir(), 'tereze-exact-'));
    writeFileSync(join(folder, 'supergraph.graphql'), composed.supergraphSdl ?? '');
    gateway = await startUngoverned({ supergraph: join(folder, 'supergraph.graphql'), port: 0 });
  });
  beforeEach(() => {
    asked = [];
    entity = '{"place":"A"}';
  });
  after(async () => {
    await gateway.stop();
    for (const server of services) server.close();
    rmSync(folder, { recursive: true });
  });

  const ask = async (fields: string) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: `{ item { ${fields} } }` }),
    });
    const body = await response.text();
    const { errors = [] } = JSON.parse(body) as {
      errors?: { path: unknown[]; extensions: { code: string; reasons: string[] } }[];
    };
    return {
      item: /"item":(\{.*?\}|null)\s*\}/.exec(body)?.[1],
      errors: errors.map(({ path, extensions: { code, reasons } }) => `${path.join('.')} ${code} ${reasons.join(' ')}`),
    };
  };

  for (const [field, sent, answered] of [
    ['id', '9007199254740993', '"9007199254740993"'],
    ['price', '19.10', '"19.10"'],
    ['price', '12345678901234567.89', '"12345678901234567.89"'],
    ['price', '9007199254740993', '"9007199254740993"'],
    ['price', '0.0000001', '"0.0000001"'],
    ['price', '7', '"7"'],
    ['price', '"19.10"', '"19.10"'],
    ['prices', '[[19.10,3.0],[0.1]]', '[["19.10","3.0"],["0.1"]]'],
    ['serial', '-9223372036854775808', '"-9223372036854775808"'],
    ['serial', '7', '"7"'],
    ['count', '2147483647', '2147483647'],
    ['share', '19.10', '19.1'],
    ['share', '3.0', '3'],
    ['share', '1e2', '100'],
  ] as const)
    it(`arrive as they were sent: ${sent} in ${field}`, async () => {
      item = `{"${field}":${sent}}`;
      expect(await ask(field)).to.deep.equal({ item: `{"${field}":${answered}}`, errors: [] });
    });

  for (const [field, sent, rule] of [
    ['count', '3.0', 'int'],
    ['count', '1e2', 'int'],
    ['count', '9007199254740993', 'int'],
    ['share', '12345678901234567.89', 'float'],
    ['share', '1e400', 'float'],
    ['name', '19.10', 'string'],
    ['sold', '1', 'boolean'],
    ['price', '1e400', 'decimal'],
    ['serial', '3.0', 'big-integer'],
  ] as const)
    it(`are null, with an error, where the type cannot hold them: ${sent} in ${field}`, async () => {
      item = `{"${field}":${sent}}`;
      expect(await ask(field)).to.deep.equal({
        item: `{"${field}":null}`,
        errors: [`item.${field} REGISTER_MALFORMED_RESPONSE goods.Item.${field}#${rule}`],
      });
    });

  it('are keys by their digits, from one service to the next', async () => {
    item = '{"__typename":"Item","id":9007199254740993}';
    entity = '{"__typename":"Item","place":"A"}';
    const answer = await ask('id place');
    expect(answer).to.deep.equal({ item: '{"id":"9007199254740993","place":"A"}', errors: [] });
    expect(asked[1]).to.include('"id":"9007199254740993"');
  });

  it('are told with a reason where a member is given twice', async () => {
    item = '{"price":19.10,"price":20}';
    expect(await ask('price')).to.deep.equal({
      item: 'null',
      errors: ['item REGISTER_MALFORMED_RESPONSE json_duplicate_name'],
    });
  });
});
