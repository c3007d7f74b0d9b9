import { expect } from 'chai';
import { createGraphqlAdapter } from '../../adapters/graphql/graphql-adapter.js';
import { createJsonClient, type JsonClient } from '../../adapters/http/post-json.js';
import type { Adapter, FetchSelection } from '../../adapters/port.js';
import { createRestAdapter } from '../../adapters/rest/rest-adapter.js';
import { createRestClient } from '../../adapters/rest/rest-client.js';
import { restSource } from '../../adapters/rest/source.js';
import { generateCountry } from '../../demo/country/country.js';
import { HOUSING_FAMILY, OFFICIAL } from '../../demo/country/people.js';
import { businessRegister } from '../../demo/registers/business/register.js';
import type { HttpRegister } from '../../demo/registers/http-register.js';
import { createHttpClient } from '../../gateway/compose/http-client.js';
import { Numeral } from '../../schemas/numeral.js';
import { served, type Served } from '../demo/registers/served.js';
import { runningClock } from '../doubles.js';
import { someCalls } from '../recorded-calls.js';
import { rejection } from '../rejection.js';
import { citizens, entities, leaf, list } from './selections.js';
import { adapterTo as xroadAdapterTo, SOURCE as XROAD_SOURCE } from './xroad/business.js';

const clock = runningClock();
const { iin } = HOUSING_FAMILY.husband;

const REST_SOURCE = restSource.parse({
  protocol: 'rest',
  api_key_header: 'X-Api-Key',
  read: { key: 'iin' },
  batch: { path: '/batch', keys: 'iins', items: 'items', max: 10 },
  types: {
    Citizen: {
      key: 'iin',
      fields: {
        iin: 'iin',
        amount: 'amount',
        code: { path: 'inner.code', as: 'text' },
        payments: { path: 'payments', type: 'Payment' },
      },
    },
    Payment: { fields: { amount: 'amount' } },
  },
});
const FIELDS = [leaf('amount'), list('payments', 'Payment', [leaf('amount')])];

function jsonClient(register: string): JsonClient {
  const connections = createHttpClient().open({ maxConnections: 4 });
  return createJsonClient({ register, headers: {}, clock, connections, maxResponseBytes: 1_000_000 });
}

/** How a protocol carries the JSON of one person's record, and the adapter that reads it. */
interface Carried {
  readonly selection: FetchSelection;
  readonly person: string;
  /** The register, with the record that `recordOf` makes now. */
  readonly register: (recordOf: () => string) => (meter: Parameters<Parameters<typeof served>[0]>[0]) => HttpRegister;
  readonly adapterTo: (url: string) => Adapter;
}

const PROTOCOLS: Readonly<Record<string, Carried>> = {
  rest: {
    selection: entities('Citizen', FIELDS),
    person: iin,
    register: (recordOf) => () => () => ({ status: 200, body: `{"items":[${recordOf()}]}` }),
    adapterTo: (url) =>
      createRestAdapter({
        register: 'people',
        source: REST_SOURCE,
        url,
        client: createRestClient(jsonClient('people'), true),
        clock,
      }),
  },
  graphql: {
    selection: entities('Citizen', FIELDS),
    person: iin,
    register: (recordOf) => () => () => ({
      status: 200,
      body: `{"data":{"_e0":[${recordOf().replace(/"iin":"\d+",/, '')}]}}`,
    }),
    adapterTo: (url) =>
      createGraphqlAdapter({ register: 'people', url, client: jsonClient('people'), carriesCallId: true }),
  },
  xroad: {
    selection: entities('Citizen', FIELDS),
    person: OFFICIAL.iin,
    register: (recordOf) => (meter) => {
      const honest = businessRegister(generateCountry().business, meter);
      return async (question) => ({ ...(await honest(question)), body: `{"items":[${recordOf()}]}` });
    },
    adapterTo: (url) => xroadAdapterTo(url, { source: { ...XROAD_SOURCE, types: REST_SOURCE.types } }),
  },
};

for (const [protocol, { selection, person, register, adapterTo }] of Object.entries(PROTOCOLS)) {
  describe(`a register over ${protocol}`, () => {
    let record: string;
    let server: Served;
    let adapter: Adapter;

    before(async () => {
      server = await served(register(() => record));
      adapter = adapterTo(server.url);
    });
    after(async () => {
      await adapter.close();
      await server.listener.close();
    });

    const read = async (asked = selection) => {
      const groups = [{ prepared: adapter.prepare(asked), variables: {}, keys: citizens(person) }];
      const answer = await adapter.read({
        requestId: 'request-1',
        calls: someCalls(),
        groups,
        deadline: clock.monotonic() + 5_000,
      });
      expect(answer.groups[0]?.errors).to.deep.equal([]);
      return answer.groups[0]?.records[0] as Readonly<Record<string, unknown>>;
    };

    it('gives every numeral with its own digits', async () => {
      record = `{"iin":"${person}","amount":12345678901234567.89,"payments":[{"amount":19.10},{"amount":9007199254740993},{"amount":-0}]}`;
      const { amount, payments } = await read();
      expect(amount).to.deep.equal(new Numeral('12345678901234567.89'));
      expect((payments as readonly { amount: unknown }[]).map((payment) => payment.amount)).to.deep.equal([
        new Numeral('19.10'),
        new Numeral('9007199254740993'),
        new Numeral('-0'),
      ]);
    });

    it('gives numbers and texts as before', async () => {
      record = `{"iin":"${person}","amount":19.5,"payments":[{"amount":"19.10"},{"amount":0},{"amount":null}]}`;
      const { amount, payments } = await read();
      expect(amount).to.equal(19.5);
      expect((payments as readonly { amount: unknown }[]).map((payment) => payment.amount)).to.deep.equal([
        '19.10',
        0,
        null,
      ]);
    });

    for (const [what, member, reason] of [
      ['a name given twice', '"amount":1,"amount":2', 'json_duplicate_name'],
      [
        'a name given twice, deep inside',
        '"amount":1,"payments":[{"amount":1,"x":[{"y":1,"\\u0079":2}]}]',
        'json_duplicate_name',
      ],
      ['the name __proto__', '"amount":1,"payments":[],"__proto__":{"amount":2}', 'json_invalid'],
      ['half a character', '"amount":"\\ud83d","payments":[]', 'text_invalid'],
      ['U+0000', '"amount":"19\\u0000","payments":[]', 'text_invalid'],
      ['more than 200 levels', `"amount":1,"payments":[],"x":${'['.repeat(200)}${']'.repeat(200)}`, 'json_invalid'],
    ] as const) {
      it(`is malformed, with a reason, if it sends ${what}`, async () => {
        record = `{"iin":"${person}",${member}}`;
        expect(await rejection(read())).to.include({ kind: 'malformed', reason });
      });
    }
  });
}

describe('a number that the mapping reads as a text', () => {
  let body: string;
  let server: Served;
  let adapter: Adapter;
  before(async () => {
    server = await served(() => () => ({ status: 200, body }));
    adapter = PROTOCOLS['rest']?.adapterTo(server.url) ?? expect.fail('no adapter');
  });
  after(async () => {
    await adapter.close();
    await server.listener.close();
  });
  const codeOf = async (code: string) => {
    body = `{"items":[{"iin":"${iin}","inner":{"code":${code}}}]}`;
    const prepared = adapter.prepare(entities('Citizen', [leaf('code', 'c')]));
    const { groups } = await adapter.read({
      requestId: 'request-1',
      calls: someCalls(),
      groups: [{ prepared, variables: {}, keys: citizens(iin) }],
      deadline: clock.monotonic() + 5_000,
    });
    return { record: groups[0]?.records[0], errors: groups[0]?.errors.map(({ path }) => path.join('.')) };
  };

  for (const [sent, text] of [
    ['17', '17'],
    ['007e2', undefined],
    ['9007199254740993', '9007199254740993'],
    ['1.50', '1.50'],
    ['"017"', '017'],
  ] as const)
    it(`has the digits of ${sent}`, async () => {
      if (text === undefined)
        expect(await rejection(codeOf(sent))).to.include({ kind: 'malformed', reason: 'json_invalid' });
      else expect(await codeOf(sent)).to.deep.equal({ record: { c: text }, errors: [] });
    });

  it('is null if it is missing, and malformed if it is no number and no text', async () => {
    expect(await codeOf('null')).to.deep.equal({ record: { c: null }, errors: [] });
    for (const sent of ['true', '{}', '[17]'])
      expect(await codeOf(sent), sent).to.deep.equal({ record: { c: null }, errors: ['0.c'] });
  });
});
