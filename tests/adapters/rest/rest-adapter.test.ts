import { expect } from 'chai';
import { createJsonClient } from '../../../adapters/http/post-json.js';
import { RegisterDeclined, type Adapter, type CallGroup, type RegisterAnswer } from '../../../adapters/port.js';
import { createRestAdapter } from '../../../adapters/rest/rest-adapter.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../../demo/country/people.js';
import { served } from '../../demo/registers/served.js';
import { runningClock } from '../../doubles.js';
import { describeAdapter } from '../../ports/adapter.js';
import { rejection } from '../../rejection.js';
import { citizens, entities, leaf, list, object, root } from '../selections.js';
import { inBatchesOf, PEOPLE_SOURCE, peopleRegister } from './people-register.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { mockedHttp, type MockedHttp, type Scope } from '../../mocked-http.js';
import { someCalls } from '../../recorded-calls.js';
import { createRestClient } from '../../../adapters/rest/rest-client.js';
import { beyondOf } from '../../beyond.js';

const KEY = 'the key';
const { husband, wife } = HOUSING_FAMILY;
const clock = runningClock();

const source = PEOPLE_SOURCE;

function adapterTo(
  url: string,
  { max = source.batch.max, maxResponseBytes = 1_000_000, http = createHttpClient() } = {},
): Adapter {
  const client = createJsonClient({
    register: 'people',
    headers: { [source.api_key_header ?? '']: KEY },
    clock,
    connections: http.open({ maxConnections: 64 }),
    maxResponseBytes,
  });
  return createRestAdapter({
    register: 'people',
    source: inBatchesOf(source, max),
    url,
    client: createRestClient(client, true),
    clock,
  });
}

const read = (adapter: Adapter, ...groups: readonly CallGroup[]): Promise<RegisterAnswer> =>
  adapter.read({ requestId: 'request-1', calls: someCalls(), groups, deadline: clock.monotonic() + 5_000 });

describeAdapter(
  'the REST adapter',
  () => {
    const { persons } = generateCountry();
    const nameOf = (iin: string): string | undefined => persons.find((person) => person.iin === iin)?.lastName;
    return {
      narrow: entities('Citizen', [leaf('lastName')]),
      other: entities('Citizen', [leaf('iin'), object('spouse', 'Citizen', [leaf('iin')])]),
      persons: [husband.iin, wife.iin],
      unknown: UNKNOWN_NUMBER,
      narrowOf: (iin) => (iin === UNKNOWN_NUMBER ? null : { lastName: nameOf(iin) }),
      otherOf: (iin) => ({ iin, spouse: { iin: iin === wife.iin ? husband.iin : wife.iin } }),
      callsFor: { oneGroup: 1, twoGroups: 1 },
    };
  },
  async () => {
    const register = await served((meter) => peopleRegister(generateCountry().persons, KEY, meter));
    const [adapter, tight] = [adapterTo(register.url), adapterTo(register.url, { maxResponseBytes: 100 })];
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

describe('the REST adapter', () => {
  const URL_ = 'http://127.0.0.1:9';
  const record = {
    iin: husband.iin,
    last_name: 'A',
    documents: [{ doc_type: 'PASSPORT', doc_number: 'N1' }],
    family: { spouse_iin: wife.iin, children_iins: [], parents_iins: [] },
  };
  let adapter: Adapter;
  let mocked: MockedHttp;

  beforeEach(() => {
    mocked = mockedHttp();
    adapter = adapterTo(URL_, { http: mocked.client });
  });
  afterEach(async () => {
    await adapter.close();
    await mocked.close();
  });

  const batchOf = (...items: readonly unknown[]): Scope =>
    mocked.post(URL_, '/api/v1/persons/batch').reply(200, { items });
  const keyed = (fields: Parameters<typeof entities>[1], ...iins: readonly string[]): CallGroup => ({
    prepared: adapter.prepare(entities('Citizen', fields)),
    variables: {},
    keys: citizens(...iins),
  });
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  it('asks a root field by its argument, with key and request id in the headers and the number in the body', async () => {
    const scope = mocked
      .post(
        URL_,
        '/api/v1/persons/read',
        { iin: husband.iin },
        {
          'x-api-key': KEY,
          'x-request-id': 'request-1',
          'tereze-call': 'request-1-1',
        },
      )
      .reply(200, record);
    const group = {
      prepared: adapter.prepare(root('citizen', 'iin', 'who', 'Citizen', [leaf('lastName', 'name')])),
      variables: { who: husband.iin },
    };
    const answer = await read(adapter, group);
    expect(plain(answer.groups[0]?.records)).to.deep.equal([{ citizen: { name: 'A' } }]);
    expect(beyondOf(answer)).to.include('Citizen.documents');
    scope.done();
  });

  it('tells whole records that hold more than the mapping reads, at any depth, and names nothing of them', async () => {
    const group = {
      prepared: adapter.prepare(root('citizen', 'iin', 'iin', 'Citizen', [leaf('lastName')])),
      variables: { iin: husband.iin },
    };
    const documents = [{ ...record.documents[0], signature: 'S' }];
    const answered = async (body: Record<string, unknown>): Promise<readonly string[]> => {
      mocked.post(URL_, '/api/v1/persons/read').reply(200, body);
      return beyondOf(await read(adapter, group));
    };
    expect(await answered(record)).to.not.include('*');
    expect(await answered({ ...record, photo: null })).to.include('*');
    expect(await answered({ ...record, documents })).to.include('*');
  });

  it('tells a person that the register does not have from a wrong address', async () => {
    const group = {
      prepared: adapter.prepare(root('citizen', 'iin', 'iin', 'Citizen', [leaf('lastName')])),
      variables: { iin: husband.iin },
    };
    mocked.post(URL_, '/api/v1/persons/read').reply(404, { error: { code: 'NOT_FOUND' } });
    expect((await read(adapter, group)).groups[0]?.records).to.deep.equal([{ citizen: null }]);
    mocked.post(URL_, '/api/v1/persons/read').reply(404, { error: { code: 'NO_SUCH_RESOURCE' } });
    expect(await rejection(read(adapter, group)))
      .to.be.instanceOf(RegisterDeclined)
      .and.include({ reason: 'status_unexpected' });
  });

  it('asks many keys in chunks of the register’s limit, at once', async () => {
    adapter = adapterTo(URL_, { max: 1, http: mocked.client });
    // Each is answered once the other was asked.
    let asked = 0;
    let release = (): void => undefined;
    const bothAsked = new Promise<void>((resolve) => (release = resolve));
    for (const [iin, item] of [
      [husband.iin, record],
      [wife.iin, null],
    ] as const)
      mocked.post(URL_, '/api/v1/persons/batch', { iins: [iin] }).reply(200, async () => {
        if ((asked += 1) === 2) release();
        await bothAsked;
        return JSON.stringify({ items: [item] });
      });
    expect((await read(adapter, keyed([leaf('lastName')], husband.iin, wife.iin))).groups[0]?.records).to.deep.equal([
      { lastName: 'A' },
      null,
    ]);
  });

  it('asks for a key once, also when several groups need it', async () => {
    const scope = mocked.post(URL_, '/api/v1/persons/batch', { iins: [husband.iin] }).reply(200, { items: [record] });
    const { groups } = await read(
      adapter,
      keyed([leaf('lastName')], husband.iin),
      keyed([leaf('iin')], husband.iin, husband.iin),
    );
    expect(groups.map(({ records }) => records)).to.deep.equal([
      [{ lastName: 'A' }],
      [{ iin: husband.iin }, { iin: husband.iin }],
    ]);
    scope.done();
  });

  it('takes no other person’s record, no answer of another length, and nothing in a record’s place', async () => {
    for (const items of [[{ ...record, iin: wife.iin }], [], [record, record], ['x'], [[]]]) {
      batchOf(...items);
      expect(await rejection(read(adapter, keyed([leaf('lastName')], husband.iin)))).to.include({ kind: 'malformed' });
    }
    mocked.post(URL_, '/api/v1/persons/batch').reply(200, []);
    expect(await rejection(read(adapter, keyed([leaf('lastName')], husband.iin)))).to.include({ kind: 'malformed' });
  });

  it('fills links with keys only', async () => {
    batchOf({ ...record, family: { spouse_iin: null, children_iins: [wife.iin], parents_iins: [] } });
    const selected = [
      object('spouse', 'Citizen', [leaf('iin')]),
      list('children', 'Citizen', [leaf('__typename'), leaf('iin', 'number')]),
    ];
    expect(plain((await read(adapter, keyed(selected, husband.iin))).groups[0]?.records)).to.deep.equal([
      { spouse: null, children: [{ __typename: 'Citizen', number: wife.iin }] },
    ]);
  });

  it('reports whether the record held more than was asked', async () => {
    const everything = Object.entries(source.types['Citizen']?.fields ?? {}).map(([name, field]) => {
      if (typeof field === 'string') return leaf(name);
      if ('reference' in field) return list(name, 'Citizen', [leaf('iin')]);
      return list(
        name,
        'IdentityDocument',
        Object.keys(source.types['IdentityDocument']?.fields ?? {}).map((inner) => leaf(inner)),
      );
    });
    const withoutPart = everything.map((make) =>
      make('Citizen').name === 'documents' ? list('documents', 'IdentityDocument', [leaf('type')]) : make,
    );
    for (const [selected, items, beyond] of [
      [everything, [record], []],
      [withoutPart, [record], ['IdentityDocument.number']],
      [[leaf('iin')], [null], []],
    ] as const) {
      batchOf(...items);
      expect(beyondOf(await read(adapter, keyed(selected, husband.iin)))).to.deep.equal(beyond);
    }
  });

  it('makes null of what is of the wrong JSON kind, says where, and lets the rest stand', async () => {
    batchOf({
      ...record,
      last_name: { text: 'A' },
      first_name: ['B'],
      middle_name: 7,
      documents: [null, 'x', { doc_type: [] }],
      family: { spouse_iin: 7, children_iins: wife.iin, parents_iins: [wife.iin, 7] },
    });
    const selected = [
      leaf('lastName'),
      leaf('firstName'),
      leaf('middleName'),
      list('documents', 'IdentityDocument', [leaf('type', 't')]),
      object('spouse', 'Citizen', [leaf('iin')]),
      list('children', 'Citizen', [leaf('iin')]),
      list('parents', 'Citizen', [leaf('iin')]),
    ];
    const [group] = (await read(adapter, keyed(selected, husband.iin))).groups;
    expect(plain(group?.records)).to.deep.equal([
      {
        lastName: null,
        firstName: null,
        middleName: 7,
        documents: [null, null, { t: null }],
        spouse: null,
        children: null,
        parents: [{ iin: wife.iin }, null],
      },
    ]);
    expect(group?.errors.map(({ path }) => path.join('.'))).to.deep.equal([
      '0.lastName',
      '0.firstName',
      '0.documents.1',
      '0.documents.2.t',
      '0.spouse',
      '0.children',
      '0.parents.1',
    ]);
    expect(new Set(group?.errors.map(({ reason }) => reason))).to.deep.equal(new Set(['value_type']));
  });

  it('reads own members of a record only', async () => {
    adapter = createRestAdapter({
      register: 'people',
      source: {
        ...source,
        types: { Citizen: { key: 'iin', fields: { inherited: 'constructor.name', proto: '__proto__.x' } } },
      },
      url: URL_,
      client: createRestClient(
        createJsonClient({
          register: 'people',
          headers: {},
          clock,
          connections: mocked.client.open({ maxConnections: 1 }),
          maxResponseBytes: 1_000,
        }),
        true,
      ),
      clock,
    });
    mocked
      .post(URL_, '/api/v1/persons/batch')
      .reply(200, `{"items":[{"iin":"${husband.iin}"}]}`, { 'Content-Type': 'application/json' });
    expect(
      plain((await read(adapter, keyed([leaf('inherited'), leaf('proto')], husband.iin))).groups[0]?.records),
    ).to.deep.equal([{ inherited: null, proto: null }]);
  });

  it('prepares nothing that the mapping cannot serve, nor another person’s fields below a link', () => {
    const prepare = (fields: Parameters<typeof entities>[1]) => () => adapter.prepare(entities('Citizen', fields));
    expect(prepare([leaf('salary')])).to.throw('maps no Citizen.salary');
    expect(prepare([object('spouse', 'Citizen', [leaf('lastName')])])).to.throw(
      'Citizen.spouse.lastName is in another record',
    );
    expect(() => adapter.prepare(entities('Dwelling', [leaf('code')]))).to.throw('no key of Dwelling');
    expect(() => adapter.prepare(root('everyone', 'iin', 'iin', 'Citizen', [leaf('iin')]))).to.throw(
      'no root field everyone',
    );
  });

  it('asks for no key of a type that was not prepared, and for none that is not text', async () => {
    const prepared = adapter.prepare(entities('Citizen', [leaf('iin')]));
    for (const key of [
      { __typename: 'Citizen', iin: 12 },
      { __typename: 'Dwelling', iin: husband.iin },
      { iin: husband.iin },
    ]) {
      expect(await rejection(read(adapter, { prepared, variables: {}, keys: [key] }))).to.include({
        kind: 'malformed',
      });
    }
  });

  it('keeps the path of its base address', async () => {
    adapter = adapterTo(`${URL_}/population/`, { http: mocked.client });
    const scope = mocked.post(URL_, '/population/api/v1/persons/batch').reply(200, { items: [record] });
    await read(adapter, keyed([leaf('iin')], husband.iin));
    expect(scope.isDone()).to.equal(true);
  });
});
