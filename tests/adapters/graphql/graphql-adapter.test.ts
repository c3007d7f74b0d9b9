import { expect } from 'chai';
import { createGraphqlAdapter } from '../../../adapters/graphql/graphql-adapter.js';
import type { JsonCall, JsonPoster } from '../../../adapters/http/post-json.js';
import { createJsonClient } from '../../../adapters/http/post-json.js';
import type { JsonReply } from '../../../adapters/http/post-json.js';
import type { Adapter, CallGroup, RegisterAnswer } from '../../../adapters/port.js';
import { parseExactJson } from '../../../schemas/json/exact-json.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../../demo/country/people.js';
import { addressRegister } from '../../../demo/registers/address/register.js';
import { served } from '../../demo/registers/served.js';
import { runningClock } from '../../doubles.js';
import { describeAdapter } from '../../ports/adapter.js';
import { rejection } from '../../rejection.js';
import { citizens, entities, leaf, list, object, root } from '../selections.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { someCalls } from '../../recorded-calls.js';
import { beyondOf } from '../../beyond.js';

const TOKEN = 'the token';
const { husband, wife } = HOUSING_FAMILY;

describeAdapter(
  'the GraphQL adapter',
  () => {
    const { addresses } = generateCountry();
    const placeOf = (iin: string) => addresses.find((address) => address.iin === iin)?.current?.dwelling;
    return {
      narrow: entities('Citizen', [object('registration', 'Registration', [leaf('city')])]),
      other: entities('Citizen', [object('registration', 'Registration', [leaf('street', 's')], 'r')]),
      persons: [husband.iin, wife.iin],
      unknown: UNKNOWN_NUMBER,
      narrowOf: (iin) => (iin === UNKNOWN_NUMBER ? null : { registration: { city: placeOf(iin)?.place.city } }),
      otherOf: (iin) => ({ r: { s: placeOf(iin)?.street } }),
      callsFor: { oneGroup: 1, twoGroups: 1 },
    };
  },
  async () => {
    const register = await served((meter) => addressRegister(generateCountry().addresses, TOKEN, meter));
    const adapterWith = (maxResponseBytes: number): Adapter => {
      const client = createJsonClient({
        register: 'address',
        headers: { Authorization: `Bearer ${TOKEN}` },
        clock: runningClock(),
        connections: createHttpClient().open({ maxConnections: 64 }),
        maxResponseBytes,
      });
      return createGraphqlAdapter({ register: 'address', url: `${register.url}/graphql`, client, carriesCallId: true });
    };
    const [adapter, tight] = [adapterWith(1_000_000), adapterWith(40)];
    return {
      adapter,
      tight,
      fault: (mode) => void (register.fault.mode = mode),
      calls: () => register.meter.stats().calls,
      close: async () => {
        await Promise.all([adapter.close(), tight.close(), register.listener.close()]);
      },
    };
  },
);

describe('the GraphQL adapter', () => {
  let sent: JsonCall[];
  beforeEach(() => {
    sent = [];
  });

  const answering = (
    body: unknown,
    status: JsonReply['status'] = 200,
    parse: (text: string) => unknown = JSON.parse,
  ): Adapter => {
    const client: JsonPoster = {
      post: async (call) => {
        sent.push(call);
        return { status, body: parse(typeof body === 'string' ? body : JSON.stringify(body)) };
      },
      close: () => undefined,
    };
    return createGraphqlAdapter({
      register: 'address',
      url: 'http://127.0.0.1:9/graphql',
      client,
      carriesCallId: true,
    });
  };
  const CITY = [object('registration', 'Registration', [leaf('city')])];
  const group = (adapter: Adapter, fields: Parameters<typeof entities>[1], ...iins: readonly string[]): CallGroup => ({
    prepared: adapter.prepare(entities('Citizen', fields)),
    variables: { iin: 'not used', other: 1 },
    keys: citizens(...iins),
  });
  const ask = (adapter: Adapter, ...groups: readonly CallGroup[]): Promise<RegisterAnswer> =>
    adapter.read({ requestId: 'request-1', calls: someCalls(), groups, deadline: 1_000 });
  const askCity = (body: unknown, ...iins: readonly string[]): Promise<RegisterAnswer> => {
    const adapter = answering(body);
    return ask(adapter, group(adapter, CITY, ...iins));
  };
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const citizen = (city: unknown) => ({ registration: { city } });

  it('asks each group for its own selection in one request, and sends no variable that is not used', async () => {
    const adapter = answering({ data: { _e0: [citizen('A')], _e1: [{ iin: wife.iin }] } });
    const answer = await ask(adapter, group(adapter, CITY, husband.iin), group(adapter, [leaf('iin')], wife.iin));
    expect(plain(answer)).to.deep.equal({
      groups: [
        { records: [citizen('A')], errors: [] },
        { records: [{ iin: wife.iin }], errors: [] },
      ],
    });
    const body = sent[0]?.body as { query: string; variables: Record<string, unknown> };
    expect(sent).to.have.length(1);
    expect(body.variables).to.deep.equal({
      representations_0: citizens(husband.iin),
      representations_1: citizens(wife.iin),
    });
    expect(body.query).to.not.match(/\d{12}/);
  });

  it('asks root fields with their variables, and nothing beside them', async () => {
    const adapter = answering({ data: { citizen: { name: 'A' } } });
    const rootGroup = {
      prepared: adapter.prepare(root('citizen', 'iin', 'who', 'Citizen', [leaf('lastName', 'name')])),
      variables: { who: husband.iin, other: 1 },
    };
    expect(plain((await ask(adapter, rootGroup)).groups)).to.deep.equal([
      { records: [{ citizen: { name: 'A' } }], errors: [] },
    ]);
    expect((sent[0]?.body as { variables: unknown }).variables).to.deep.equal({ who: husband.iin });
    expect(await rejection(ask(adapter, rootGroup, group(adapter, CITY, wife.iin)))).to.be.instanceOf(Error);
    expect(sent).to.have.length(1);
  });

  it('puts a failed field at its place and lets the rest stand, without the register’s words', async () => {
    const { groups } = await askCity(
      {
        data: { _e0: [citizen('A'), citizen(null)] },
        errors: [{ message: `ORA-1 ${husband.iin}`, path: ['_e0', 1, 'registration', 'city'] }],
      },
      husband.iin,
      wife.iin,
    );
    expect(plain(groups)).to.deep.equal([
      {
        records: [citizen('A'), citizen(null)],
        errors: [{ path: [1, 'registration', 'city'], reason: 'graphql_errors' }],
      },
    ]);
    expect(JSON.stringify(groups)).to.not.include('ORA');
  });

  it('takes nothing of an entity that failed as a whole, nor of a list', async () => {
    const one = await askCity(
      { data: { _e0: [citizen('A'), citizen('B')] }, errors: [{ path: ['_e0', 1] }] },
      husband.iin,
      wife.iin,
    );
    expect(plain(one.groups[0])).to.deep.equal({
      records: [citizen('A'), null],
      errors: [{ path: [1], reason: 'graphql_errors' }],
    });
    for (const path of [['_e0'], ['_e0', 7], ['_e0', 'registration']]) {
      const all = await askCity({ data: { _e0: null }, errors: [{ path }] }, husband.iin, wife.iin);
      expect(plain(all.groups[0])).to.deep.equal({
        records: [null, null],
        errors: [
          { path: [0], reason: 'graphql_errors' },
          { path: [1], reason: 'graphql_errors' },
        ],
      });
    }
  });

  it('fails as a whole when no one can say what an error spoils', async () => {
    const data = { _e0: [citizen('A')] };
    for (const errors of [
      [{ message: 'x' }],
      [{ path: [] }],
      [{ path: ['_e7', 0] }],
      [{ path: ['_e0', 0.5] }],
      'x',
      [null],
    ]) {
      expect(await rejection(askCity({ data, errors }, husband.iin))).to.include({ kind: 'failed' });
    }
    expect(await rejection(askCity({ data: null, errors: [{ path: ['_e0'] }] }, husband.iin))).to.include({
      kind: 'failed',
    });
    const adapter = answering({}, 404);
    expect(await rejection(ask(adapter, group(adapter, CITY, husband.iin)))).to.include({ kind: 'failed' });
  });

  it('takes no list of another length, no other person’s entity, and nothing that is no response', async () => {
    for (const body of [
      [],
      'null',
      {},
      { data: [] },
      { data: {} },
      { data: { _e0: {} } },
      { data: { _e0: [] } },
      { data: { _e0: [citizen('A'), citizen('A')] } },
      { data: { _e0: ['x'] } },
    ]) {
      expect(await rejection(askCity(body, husband.iin)), JSON.stringify(body)).to.include({ kind: 'malformed' });
    }
    const adapter = answering({ data: { _e0: [{ number: wife.iin }] } });
    expect(await rejection(ask(adapter, group(adapter, [leaf('iin', 'number')], husband.iin)))).to.include({
      kind: 'malformed',
    });
  });

  it('takes a key that came as a numeral for the text with its digits', async () => {
    const asked = [leaf('iin', 'number')];
    const answered = (given: string, key: string): Promise<RegisterAnswer> => {
      const adapter = answering(`{"data":{"_e0":[{"number":${given}}]}}`, 200, parseExactJson);
      return ask(adapter, group(adapter, asked, key));
    };
    expect((await answered('7', '7')).groups[0]?.records).to.have.length(1);
    expect((await answered('9007199254740993', '9007199254740993')).groups[0]?.records).to.have.length(1);
    for (const [given, key] of [
      ['8', '7'],
      ['9007199254740993', '9007199254740992'],
      ['7.0', '7'],
      ['true', '7'],
    ] as const)
      expect(await rejection(answered(given, key)), key).to.include({ kind: 'malformed' });
  });

  it('drops what was not asked, and reports it', async () => {
    const answer = await askCity(
      '{"data":{"_e0":[{"registration":{"city":"A","flat":"7"},"__proto__":{"city":"B"}}]}}',
      husband.iin,
    );
    expect(plain(answer.groups[0]?.records)).to.deep.equal([citizen('A')]);
    expect(beyondOf(answer)).to.deep.equal(['Citizen.__proto__', 'Registration.flat']);
    expect('constructor' in (answer.groups[0]?.records[0] ?? {})).to.equal(false);
  });

  it('makes null of what is missing or of another form, and says where', async () => {
    const fields = [
      leaf('iin', 'a'),
      object('registration', 'Registration', [leaf('city')]),
      list('formerRegistrations', 'Registration', [leaf('city')], 'former'),
      leaf('iin', 'b'),
    ];
    const adapter = answering({
      data: { _e0: [{ a: { x: 1 }, registration: 'x', former: [{ city: 'A' }, {}, 'x', null, [[]]] }] },
    });
    const [answer] = (await ask(adapter, group(adapter, fields, husband.iin))).groups;
    expect(plain(answer?.records)).to.deep.equal([
      { a: null, registration: null, former: [{ city: 'A' }, { city: null }, null, null, null], b: null },
    ]);
    expect(answer?.errors.map(({ path }) => path.join('.'))).to.deep.equal([
      '0.a',
      '0.registration',
      '0.former.1.city',
      '0.former.2',
      '0.former.4',
      '0.b',
    ]);
    expect(new Set(answer?.errors.map(({ reason }) => reason))).to.deep.equal(new Set(['value_type']));
  });
});
