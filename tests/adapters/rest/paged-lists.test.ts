import { expect } from 'chai';
import { createJsonClient } from '../../../adapters/http/post-json.js';
import type { Adapter, CallGroup, RegisterAnswer, SelectedField } from '../../../adapters/port.js';
import { createRestAdapter } from '../../../adapters/rest/rest-adapter.js';
import type { RestSourceFile } from '../../../adapters/rest/source.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER, OFFICIAL } from '../../../demo/country/people.js';
import { runningClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { citizens, entities, leaf, list, object } from '../selections.js';
import { mockedHttp, type MockedHttp, type Scope } from '../../mocked-http.js';
import { someCalls } from '../../recorded-calls.js';
import { createRestClient } from '../../../adapters/rest/rest-client.js';
import { beyondOf } from '../../beyond.js';

const URL_ = 'http://127.0.0.1:9';
const ASKED = '/payments';
const { husband, wife } = HOUSING_FAMILY;
const clock = runningClock();

const SOURCE: RestSourceFile = {
  protocol: 'rest',
  api_key_header: 'X-Api-Key',
  read: { path: '/read', key: 'iin' },
  batch: { path: '/batch', keys: 'iins', items: 'items', max: 10 },
  roots: { citizen: 'iin' },
  lists: {
    payments: {
      path: ASKED,
      keys: 'iins',
      max_keys: 2,
      owner: 'who',
      items: 'items',
      page: { size: 'limit', items: 3, cursor: 'cursor', next: 'next', max: 4 },
    },
  },
  types: {
    Citizen: {
      key: 'iin',
      fields: {
        iin: 'iin',
        status: 'status',
        payments: {
          list: 'payments',
          type: 'Payment',
          arguments: { months: { member: 'months', default: 12, least: 1, most: 36 } },
        },
      },
    },
    Payment: { fields: { amount: 'sum', payer: 'payer.name' } },
  },
};

describe('lists that come in pages', () => {
  let adapter: Adapter;
  let mocked: MockedHttp;

  beforeEach(() => {
    mocked = mockedHttp();
    adapter = createRestAdapter({
      register: 'tax',
      source: SOURCE,
      url: URL_,
      client: createRestClient(
        createJsonClient({
          register: 'tax',
          headers: {},
          clock,
          connections: mocked.client.open({ maxConnections: 8 }),
          maxResponseBytes: 100_000,
        }),
        true,
      ),
      clock,
    });
  });
  afterEach(async () => {
    const pending = mocked.pending();
    await adapter.close();
    await mocked.close();
    expect(pending).to.deep.equal([]);
  });

  const paid = (who: string, sum: string): object => ({ who, sum, payer: { name: 'A' } });
  const payments =
    (months?: number, responseKey = 'payments', below = [leaf('amount')]) =>
    (parentType: string): SelectedField => ({
      ...list('payments', 'Payment', below, responseKey)(parentType),
      ...(months === undefined ? {} : { argumentsFrom: () => ({ months }) }),
    });
  const group = (fields: Parameters<typeof entities>[1], ...iins: readonly string[]): CallGroup => ({
    prepared: adapter.prepare(entities('Citizen', fields)),
    variables: {},
    keys: citizens(...iins),
  });
  const read = (...groups: readonly CallGroup[]): Promise<RegisterAnswer> =>
    adapter.read({ requestId: 'request-1', calls: someCalls(), groups, deadline: clock.monotonic() + 5_000 });
  const recordsOf = async (...groups: readonly CallGroup[]): Promise<unknown> =>
    JSON.parse(JSON.stringify((await read(...groups)).groups.map(({ records }) => records)));
  const answers = (question: object, answer: object | string, status = 200): Scope =>
    mocked.post(URL_, ASKED, question).reply(status, answer, { 'Content-Type': 'application/json' });

  it('are asked by themselves, without the record, and given to their owners in the register’s order', async () => {
    answers(
      { iins: [husband.iin, wife.iin], months: 12, limit: 3 },
      { items: [paid(wife.iin, '1.00'), paid(husband.iin, '2.00'), paid(wife.iin, '3.00')], next: null },
    );
    expect(await recordsOf(group([leaf('iin'), leaf('__typename'), payments()], husband.iin, wife.iin))).to.deep.equal([
      [
        { iin: husband.iin, __typename: 'Citizen', payments: [{ amount: '2.00' }] },
        { iin: wife.iin, __typename: 'Citizen', payments: [{ amount: '1.00' }, { amount: '3.00' }] },
      ],
    ]);
  });

  it('are read to their last page', async () => {
    const question = { iins: [husband.iin], months: 12, limit: 3 };
    answers(question, { items: ['1', '2', '3'].map((sum) => paid(husband.iin, sum)), next: 'b' });
    answers({ ...question, cursor: 'b' }, { items: [], next: 'c' });
    answers({ ...question, cursor: 'c' }, { items: [paid(husband.iin, '4')] });
    expect(await recordsOf(group([payments()], husband.iin))).to.deep.equal([
      [{ payments: ['1', '2', '3', '4'].map((amount) => ({ amount })) }],
    ]);
  });

  it('are asked with each field’s own arguments, cut to what the register knows', async () => {
    for (const months of [3, 36, 1])
      answers({ iins: [husband.iin], months, limit: 3 }, { items: [paid(husband.iin, String(months))], next: null });
    const fields = [payments(3, 'short'), payments(500, 'long'), payments(-4, 'least'), payments(3, 'again')];
    expect(await recordsOf(group(fields, husband.iin))).to.deep.equal([
      [{ short: [{ amount: '3' }], long: [{ amount: '36' }], least: [{ amount: '1' }], again: [{ amount: '3' }] }],
    ]);
  });

  it('take their arguments from the variables of their group', async () => {
    const field = (parentType: string): SelectedField => ({
      ...payments()(parentType),
      argumentsFrom: (variables) => ({ months: variables['m'] }),
    });
    const prepared = adapter.prepare(entities('Citizen', [field]));
    for (const months of [2, 5])
      answers({ iins: [husband.iin], months, limit: 3 }, { items: [paid(husband.iin, String(months))], next: null });
    expect(
      await recordsOf(...[2, 5].map((m) => ({ prepared, variables: { m }, keys: citizens(husband.iin) }))),
    ).to.deep.equal([[{ payments: [{ amount: '2' }] }], [{ payments: [{ amount: '5' }] }]]);
  });

  it('are asked for those only whose group selects them, and records for the others', async () => {
    mocked.post(URL_, '/batch', { iins: [wife.iin] }).reply(200, { items: [{ iin: wife.iin, status: 'S' }] });
    answers({ iins: [husband.iin], months: 12, limit: 3 }, { items: [paid(husband.iin, '1')], next: null });
    expect(await recordsOf(group([payments()], husband.iin), group([leaf('status')], wife.iin))).to.deep.equal([
      [{ payments: [{ amount: '1' }] }],
      [{ status: 'S' }],
    ]);
  });

  it('stand beside the record, and are no one’s where the register has no record', async () => {
    mocked
      .post(URL_, '/batch', { iins: [husband.iin, UNKNOWN_NUMBER] })
      .reply(200, { items: [{ iin: husband.iin, status: 'S' }, null] });
    answers({ iins: [husband.iin, UNKNOWN_NUMBER], months: 12, limit: 3 }, { items: [], next: null });
    expect(await recordsOf(group([leaf('status'), payments()], husband.iin, UNKNOWN_NUMBER))).to.deep.equal([
      [{ status: 'S', payments: [] }, null],
    ]);
  });

  it('are asked in chunks of the register’s limit, each person once', async () => {
    answers({ iins: [husband.iin, wife.iin], months: 12, limit: 3 }, { items: [], next: null });
    answers({ iins: [OFFICIAL.iin], months: 12, limit: 3 }, { items: [paid(OFFICIAL.iin, '9')], next: null });
    const groups = [group([payments()], husband.iin, wife.iin), group([payments(12)], wife.iin, OFFICIAL.iin)];
    expect(await recordsOf(...groups)).to.deep.equal([
      [{ payments: [] }, { payments: [] }],
      [{ payments: [] }, { payments: [{ amount: '9' }] }],
    ]);
  });

  it('tell what came beyond the selection', async () => {
    for (const [below, items, beyond] of [
      [[leaf('amount')], [paid(husband.iin, '1')], ['Payment.payer']],
      [[leaf('amount'), leaf('payer')], [paid(husband.iin, '1')], []],
      [[leaf('amount')], [], []],
    ] as const) {
      answers({ iins: [husband.iin], months: 12, limit: 3 }, { items, next: null });
      const answer = await read(group([payments(undefined, 'payments', [...below])], husband.iin));
      expect(beyondOf(answer)).to.deep.equal(beyond);
    }
  });

  it('make null of what is of the wrong kind, and say where', async () => {
    answers(
      { iins: [husband.iin], months: 12, limit: 3 },
      { items: [paid(husband.iin, '1'), { who: husband.iin, sum: { text: 1 } }], next: null },
    );
    const [answer] = (await read(group([payments()], husband.iin))).groups;
    expect(answer?.errors).to.deep.equal([{ path: [0, 'payments', 1, 'amount'], reason: 'value_type' }]);
    expect(answer?.records[0]?.['payments']).to.deep.equal([{ amount: '1' }, { amount: null }]);
  });

  it('fail with status 404: a list of no one is empty', async () => {
    answers({ iins: [husband.iin], months: 12, limit: 3 }, { error: { code: 'NOT_FOUND' } }, 404);
    expect(await rejection(read(group([payments()], husband.iin)))).to.include({ reason: 'status_unexpected' });
  });

  describe('are malformed', () => {
    const question = { iins: [husband.iin], months: 12, limit: 3 };
    const refuses = async (): Promise<void> => {
      expect(await rejection(read(group([payments()], husband.iin)))).to.include({
        kind: 'malformed',
        message: 'register tax: malformed',
      });
    };

    for (const [what, answer] of Object.entries({
      'an item of someone else': { items: [paid(wife.iin, '1')], next: null },
      'an item of no one': { items: [{ sum: '1' }], next: null },
      'something in an item’s place': { items: ['1'], next: null },
      'no items': { next: null },
      'items that are no list': { items: {}, next: null },
      'more items than a page may have': {
        items: ['1', '2', '3', '4'].map((sum) => paid(husband.iin, sum)),
        next: null,
      },
      'a cursor that is neither a text nor a number': { items: [], next: true },
      'an empty cursor': { items: [], next: '' },
      'a cursor without end': { items: [], next: 'x'.repeat(1_001) },
      'no object': [],
    })) {
      it(`with ${what}`, async () => {
        answers(question, answer);
        await refuses();
      });
    }

    it('with a cursor that comes again', async () => {
      answers(question, { items: [], next: 'b' });
      answers({ ...question, cursor: 'b' }, { items: [], next: 'c' });
      answers({ ...question, cursor: 'c' }, { items: [], next: 'b' });
      await refuses();
    });

    it('with more pages than the mapping allows', async () => {
      answers(question, { items: [], next: '1' });
      for (const page of [1, 2, 3])
        answers({ ...question, cursor: String(page) }, { items: [], next: String(page + 1) });
      await refuses();
    });
  });

  it('fail as a whole when a page does, and ask for no further one', async () => {
    mocked.post(URL_, ASKED).reply(200, { items: [], next: 'b' });
    mocked.post(URL_, ASKED).reply(429, {}, { 'Retry-After': '2' });
    expect(await rejection(read(group([payments()], husband.iin)))).to.include({
      kind: 'overloaded',
      retryAfterMs: 2_000,
    });
  });

  it('end at the deadline, at any page', async () => {
    mocked.post(URL_, ASKED).reply(200, { items: [], next: 'b' });
    mocked.post(URL_, ASKED).delay(2_000).reply(200, { items: [], next: null });
    expect(
      await rejection(
        adapter.read({
          requestId: 'request-1',
          calls: someCalls(),
          groups: [group([payments()], husband.iin)],
          deadline: clock.monotonic() + 100,
        }),
      ),
    ).to.include({ kind: 'timeout' });
  });

  it('are asked for the record of a root field, too', async () => {
    mocked
      .post(URL_, '/read', { iin: husband.iin })
      .reply(200, { iin: husband.iin, status: 'S' }, { 'Content-Type': 'application/json' });
    answers({ iins: [husband.iin], months: 12, limit: 3 }, { items: [paid(husband.iin, '1.00')], next: null });
    const citizen: SelectedField = {
      ...object('citizen', 'Citizen', [payments()])('Query'),
      argumentsFrom: () => ({ iin: husband.iin }),
    };
    const { operation } = entities('Citizen', [leaf('iin')]);
    const prepared = adapter.prepare({ kind: 'root', operation, fields: [citizen] });
    expect(await recordsOf({ prepared, variables: {} })).to.deep.equal([
      [{ citizen: { payments: [{ amount: '1.00' }] } }],
    ]);
  });
});
