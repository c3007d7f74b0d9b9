import { expect } from 'chai';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER, OFFICIAL, SUPPORTED_FAMILY } from '../../../demo/country/people.js';
import { taxRegister } from '../../../demo/registers/tax/register.js';
import { served, type Served } from './served.js';

describe('the register of taxes', () => {
  const { husband, wife } = HOUSING_FAMILY;
  const apiKey = 'the key';
  const key = { 'X-Api-Key': apiKey };
  const { taxes } = generateCountry();
  let register: Served;

  before(async () => {
    register = await served((meter) => taxRegister(taxes, { apiKey }, meter));
  });
  beforeEach(() => {
    register.meter.reset();
  });
  after(() => register.listener.close());

  interface Page {
    readonly items: readonly { readonly iin: string; readonly period: string; readonly amount: string }[];
    readonly next: string | null;
  }
  const page = async (body: object, path = '/api/v1/incomes'): Promise<Page> =>
    (await register.post(path, body, key)).json as Page;

  it('reads one taxpayer, and many in the order asked', async () => {
    const { json } = await register.post('/api/v1/taxpayers/read', { iin: husband.iin }, key);
    expect(json).to.deep.include({
      iin: husband.iin,
      status: 'ACTIVE',
      registered_on: '2006-05-14',
      average_monthly_income: '420000.00',
    });
    expect(json).to.have.all.keys('iin', 'status', 'registered_on', 'average_monthly_income', 'updated_at');
    const batch = await register.post(
      '/api/v1/taxpayers/batch',
      { iins: [wife.iin, UNKNOWN_NUMBER, husband.iin] },
      key,
    );
    expect(
      (batch.json as { items: readonly ({ iin: string } | null)[] }).items.map((item) => item?.iin ?? null),
    ).to.deep.equal([wife.iin, null, husband.iin]);
    expect(await register.post('/api/v1/taxpayers/read', { iin: UNKNOWN_NUMBER }, key)).to.deep.equal({
      status: 404,
      json: { error: { code: 'NOT_FOUND' } },
    });
  });

  it('sends the members only that the question names', async () => {
    const one = await register.post(
      '/api/v1/taxpayers/read',
      { iin: husband.iin, fields: ['iin', 'status', 'shoe_size'] },
      key,
    );
    expect(one.json).to.deep.equal({ iin: husband.iin, status: 'ACTIVE' });
    const many = await register.post(
      '/api/v1/taxpayers/batch',
      { iins: [husband.iin, UNKNOWN_NUMBER], fields: ['average_monthly_income'] },
      key,
    );
    expect(many.json).to.deep.equal({ items: [{ average_monthly_income: '420000.00' }, null] });
    for (const fields of ['status', [1], {}])
      expect((await register.post('/api/v1/taxpayers/read', { iin: husband.iin, fields }, key)).status).to.equal(400);
  });

  it('gives incomes of the last full months, newest first, person by person', async () => {
    const { items, next } = await page({ iins: [OFFICIAL.iin, wife.iin, UNKNOWN_NUMBER], months: 2, limit: 100 });
    expect(items.map(({ iin, period, amount }) => [iin, period, amount])).to.deep.equal([
      [OFFICIAL.iin, '2026-02', '640000.00'],
      [OFFICIAL.iin, '2026-02', '95000.00'],
      [OFFICIAL.iin, '2026-01', '640000.00'],
      [OFFICIAL.iin, '2026-01', '95000.00'],
      [wife.iin, '2026-02', '185000.00'],
      [wife.iin, '2026-01', '185000.00'],
    ]);
    expect(next).to.equal(null);
  });

  it('gives contributions apart from incomes', async () => {
    const { items } = await page(
      { iins: [SUPPORTED_FAMILY.husband.iin], months: 1, limit: 100 },
      '/api/v1/pension-contributions',
    );
    expect(items[0]).to.have.all.keys('iin', 'period', 'amount', 'currency', 'fund', 'employer_bin');
    expect(items.map(({ amount }) => amount)).to.deep.equal(['12000.00']);
  });

  it('cuts a list into pages that join without a gap, and ends with the last item', async () => {
    const question = { iins: [husband.iin, wife.iin], months: 36, limit: 24 };
    const whole = await page({ ...question, limit: 100 });
    const pages = [await page(question)];
    while (pages.at(-1)?.next !== null) pages.push(await page({ ...question, cursor: pages.at(-1)?.next }));
    expect(pages.map(({ items }) => items.length)).to.deep.equal([24, 24, 24]);
    expect(pages.flatMap(({ items }) => items)).to.deep.equal(whole.items);
  });

  it('takes a cursor for the question only that it was given for', async () => {
    const question = { iins: [husband.iin, wife.iin], months: 36, limit: 24 };
    const { next: cursor } = await page(question);
    for (const other of [
      { ...question, months: 12 },
      { ...question, iins: [wife.iin] },
      { ...question, limit: 25 },
    ]) {
      expect(await register.post('/api/v1/incomes', { ...other, cursor }, key)).to.deep.equal({
        status: 400,
        json: { error: { code: 'INVALID_CURSOR' } },
      });
    }
    for (const wrong of ['', 'x', 7, null])
      expect((await register.post('/api/v1/incomes', { ...question, cursor: wrong }, key)).status).to.equal(400);
  });

  it('refuses a wrong key without counting, and what is not a question', async () => {
    expect((await register.post('/api/v1/incomes', {}, { 'X-Api-Key': 'another' })).status).to.equal(401);
    expect(register.meter.stats().calls).to.equal(0);
    const wrong = [
      {},
      { iins: [1] },
      { months: 0 },
      { months: 37 },
      { months: '12' },
      { months: 1.5 },
      { limit: 0 },
      { limit: 101 },
    ];
    for (const part of wrong) {
      const question = Object.keys(part).length === 0 ? {} : { iins: [husband.iin], months: 12, limit: 100, ...part };
      expect((await register.post('/api/v1/incomes', question, key)).status, JSON.stringify(part)).to.equal(400);
    }
    expect(
      (
        await register.post(
          '/api/v1/incomes',
          { iins: Array.from({ length: 51 }, () => UNKNOWN_NUMBER), months: 1, limit: 1 },
          key,
        )
      ).status,
    ).to.equal(413);
    expect(
      (await register.post('/api/v1/taxpayers/batch', { iins: Array.from({ length: 101 }, () => UNKNOWN_NUMBER) }, key))
        .status,
    ).to.equal(413);
    expect((await register.post('/api/v1/taxpayers', {}, key)).status).to.equal(404);
  });

  it('counts what it is asked, and the people', async () => {
    await page({ iins: [husband.iin, wife.iin], months: 12, limit: 100 });
    await register.post('/api/v1/taxpayers/read', { iin: husband.iin }, key);
    expect(register.meter.stats()).to.deep.equal({ calls: 2, subjects: 2, byOperation: { incomes: 1, read: 1 } });
  });

  it('turns away what is beyond its rate, until the next second', async () => {
    let now = 5_400;
    const limited = await served((meter) => taxRegister(taxes, { apiKey, callsPerSecond: 2, now: () => now }, meter));
    const ask = async (): Promise<number> =>
      (await limited.post('/api/v1/taxpayers/read', { iin: husband.iin }, key)).status;
    expect([await ask(), await ask(), await ask()]).to.deep.equal([200, 200, 429]);
    expect(
      (await limited.post('/api/v1/taxpayers/read', { iin: husband.iin }, { 'X-Api-Key': 'another' })).status,
    ).to.equal(401);
    now = 6_000;
    expect(await ask()).to.equal(200);
    expect(limited.meter.stats().byOperation).to.deep.equal({ read: 3, turned_away: 1 });
    await limited.listener.close();
  });
});
