import { expect } from 'chai';
import { createJsonClient } from '../../../adapters/http/post-json.js';
import type { Adapter, RegisterAnswer } from '../../../adapters/port.js';
import { createRestAdapter } from '../../../adapters/rest/rest-adapter.js';
import { runningClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { leaf, root } from '../selections.js';
import { PEOPLE_SOURCE } from './people-register.js';
import { mockedHttp, type MockedHttp } from '../../mocked-http.js';
import { someCalls } from '../../recorded-calls.js';
import { createRestClient } from '../../../adapters/rest/rest-client.js';

const URL_ = 'http://127.0.0.1:9';
const BATCH = PEOPLE_SOURCE.batch.path;

describe('a root field of a REST register', () => {
  const clock = runningClock();
  let adapter: Adapter;
  let mocked: MockedHttp;

  beforeEach(() => {
    mocked = mockedHttp();
    const client = createJsonClient({
      register: 'people',
      headers: {},
      clock,
      connections: mocked.client.open({ maxConnections: 4 }),
      maxResponseBytes: 10_000,
    });
    const source = {
      ...PEOPLE_SOURCE,
      read: { key: 'iin' },
      batch: { ...PEOPLE_SOURCE.batch, max: 2 },
      roots: { citizen: 'iin', citizens: 'iins' },
    };
    adapter = createRestAdapter({
      register: 'people',
      source,
      url: URL_,
      client: createRestClient(client, true),
      clock,
    });
  });
  afterEach(async () => {
    await adapter.close();
    await mocked.close();
  });

  const ask = (field: string, argument: string, value: unknown): Promise<RegisterAnswer> =>
    adapter.read({
      requestId: 'request-1',
      calls: someCalls(),
      groups: [
        {
          prepared: adapter.prepare(root(field, argument, 'who', 'Citizen', [leaf('lastName', 'name')])),
          variables: { who: value },
        },
      ],
      deadline: clock.monotonic() + 5_000,
    });
  const recordsOf = async (answer: Promise<RegisterAnswer>): Promise<unknown> =>
    JSON.parse(JSON.stringify((await answer).groups[0]?.records));

  it('asks one key as a batch of one where the register has no way for single records', async () => {
    const scope = mocked.post(URL_, BATCH, { iins: ['1'] }).reply(200, { items: [{ iin: '1', last_name: 'A' }] });
    expect(await recordsOf(ask('citizen', 'iin', '1'))).to.deep.equal([{ citizen: { name: 'A' } }]);
    scope.done();
    mocked.post(URL_, BATCH).reply(200, { items: [null] });
    expect(await recordsOf(ask('citizen', 'iin', '1'))).to.deep.equal([{ citizen: null }]);
  });

  it('answers a list of keys in its order, each asked once, in batches of the register’s limit', async () => {
    const first = mocked
      .post(URL_, BATCH, { iins: ['2', '3'] })
      .reply(200, { items: [{ iin: '2', last_name: 'B' }, null] });
    const second = mocked.post(URL_, BATCH, { iins: ['1'] }).reply(200, { items: [{ iin: '1', last_name: 'A' }] });
    expect(await recordsOf(ask('citizens', 'iins', ['2', '3', '2', '1']))).to.deep.equal([
      { citizens: [{ name: 'B' }, null, { name: 'B' }, { name: 'A' }] },
    ]);
    first.done();
    second.done();
  });

  it('calls no one about no key', async () => {
    expect(await recordsOf(ask('citizens', 'iins', []))).to.deep.equal([{ citizens: [] }]);
  });

  it('says at which record of a list a value is malformed, and takes no other person’s record', async () => {
    mocked.post(URL_, BATCH).reply(200, {
      items: [
        { iin: '1', last_name: 'A' },
        { iin: '2', last_name: ['B'] },
      ],
    });
    const { groups } = await ask('citizens', 'iins', ['1', '2']);
    expect(groups[0]?.errors.map(({ path }) => path)).to.deep.equal([[0, 'citizens', 1, 'name']]);
    mocked.post(URL_, BATCH).reply(200, { items: [{ iin: '2', last_name: 'A' }] });
    expect(await rejection(ask('citizens', 'iins', ['1']))).to.include({ kind: 'malformed' });
  });

  it('asks for nothing that is neither a key nor a list of keys', async () => {
    for (const value of [1, null, undefined, {}, [1], [['1']]])
      expect(await rejection(ask('citizens', 'iins', value)), JSON.stringify(value)).to.include({ kind: 'malformed' });
  });
});
